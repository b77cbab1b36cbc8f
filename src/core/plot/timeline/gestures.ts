import { brushX, type D3BrushEvent } from 'd3-brush';
import { select } from 'd3-selection';
import { zoom, ZoomTransform, type D3ZoomEvent } from 'd3-zoom';
import { SHORTEST, viewWithin, type TimeView } from './time-view';

export interface GestureTarget {
  readonly whole: () => TimeView;
  readonly onview: (view: TimeView) => void;
}

/** Gestures on an element, which has to be told of every view that they did not make. */
export interface Gestures {
  readonly follow: (view: TimeView) => void;
  readonly end: () => void;
}

/**
 * Wheel and two fingers zoom, a mouse that drags moves. One finger is left to the page, which scrolls, and so is a wheel
 * that was turned before the pointer came here: the page passes under it.
 *
 * @param element - covers the inside of a plot from its first instant to its last
 */
export function zoomOn(element: HTMLElement, { whole, onview }: GestureTarget): Gestures {
  let isMeant = false;
  let isFollowing = false;
  const scrolled = () => (isMeant = false);
  const moved = ({ movementX, movementY }: PointerEvent) => {
    // A page that scrolls under a resting pointer makes it move, too, by nothing.
    if (movementX !== 0 || movementY !== 0) isMeant = true;
  };
  addEventListener('scroll', scrolled, { passive: true });
  element.addEventListener('pointermove', moved);
  const selection = select<HTMLElement, unknown>(element);
  const behaviour = zoom<HTMLElement, unknown>()
    .filter((event: Event) => {
      if (event instanceof WheelEvent) return event.ctrlKey || isMeant || document.activeElement === element;
      if (event.type.startsWith('touch')) return (event as TouchEvent).touches.length > 1;
      return !(event as MouseEvent).button;
    })
    .on('zoom', ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      // In the middle of a gesture, what `follow` tells comes back as if that had made it.
      if (sourceEvent && !isFollowing) onview(viewAt(transform, element.clientWidth, whole()));
    });
  selection.call(behaviour).on('dblclick.zoom', null);
  return {
    follow: (view) => {
      const { from, to } = whole();
      const [width, length] = [element.clientWidth, to - from];
      const most = Math.max(1, length / SHORTEST);
      behaviour
        .scaleExtent([1, most])
        .extent([
          [0, 0],
          [width, 1],
        ])
        .translateExtent([
          [0, 0],
          [width, 1],
        ]);
      const scale = length / (view.to - view.from);
      const left = (-(view.from - from) / length) * width * scale;
      isFollowing = true;
      behaviour.transform(selection, new ZoomTransform(scale, left, 0));
      isFollowing = false;
    },
    end: () => {
      removeEventListener('scroll', scrolled);
      element.removeEventListener('pointermove', moved);
      selection.on('.zoom', null);
    },
  };
}

function viewAt({ k, x }: ZoomTransform, width: number, whole: TimeView): TimeView {
  const length = (whole.to - whole.from) / k;
  const from = whole.from + (-x / k / Math.max(width, 1)) * (whole.to - whole.from);
  return viewWithin({ from, to: from + length }, whole);
}

/** A brush whose ends and middle can be dragged. @param group - in an SVG element whose pixels are the page's */
export function brushOn(group: SVGGElement, { whole, onview }: GestureTarget): Gestures {
  const svg = group.ownerSVGElement!;
  const selection = select<SVGGElement, unknown>(group);
  const behaviour = brushX<unknown>().on(
    'brush end',
    ({ selection: span, sourceEvent, type }: D3BrushEvent<unknown>) => {
      if (!sourceEvent) return;
      if (!Array.isArray(span)) {
        // A press beside it looks at everything.
        if (type === 'end') onview(whole());
        return;
      }
      const [left, right] = span as [number, number];
      const { from, to } = whole();
      const at = (pixel: number) => from + (pixel / svg.clientWidth) * (to - from);
      onview(viewWithin({ from: at(left), to: at(right) }, whole()));
    },
  );
  let [width, height] = [0, 0];
  /** Makes the brush's elements and listeners: half a millisecond, if it were done for each snapshot of a batch. */
  const lay = () => {
    if (width === svg.clientWidth && height === svg.clientHeight) return;
    [width, height] = [svg.clientWidth, svg.clientHeight];
    behaviour.extent([
      [0, 0],
      [width, height],
    ]);
    selection.call(behaviour);
  };
  return {
    follow: (view) => {
      lay();
      const { from, to } = whole();
      const pixel = (at: number) => ((at - from) / (to - from)) * width;
      behaviour.move(selection, [pixel(view.from), pixel(view.to)]);
    },
    end: () => {
      selection.on('.brush', null);
    },
  };
}
