import { BarController, BarElement, Chart, type ChartConfiguration } from 'chart.js';
import { utc } from '../../../core/i18n/format';
import {
  axisColours,
  buildTimeTicks,
  plotColours,
  numberTick,
  onTheme,
  timeTick,
} from '../../../core/plot/plot-style';
import type { Bin } from '../pure/counts/mask';
import { ct, rounded } from './messages-counts';

Chart.register(BarController, BarElement);

interface Bar {
  readonly x: number;
  readonly y: number;
}

/** Counts over time: a bar for each stretch, what is left of it filled, what was set aside an outline above. */
export class CountsPlot {
  readonly #canvas: HTMLCanvasElement;
  readonly #chart: Chart<'bar', Bar[]>;
  readonly #forgetTheme: () => void;
  #bins: readonly Bin[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#chart = new Chart<'bar', Bar[]>(canvas, {
      type: 'bar',
      data: { datasets: [] },
      options: { animation: false, maintainAspectRatio: false },
    });
    this.#forgetTheme = onTheme(() => {
      this.show(this.#bins);
    });
  }

  show(bins: readonly Bin[]): void {
    this.#bins = bins;
    const { data, options } = configOf(bins, this.#canvas);
    this.#chart.data = data;
    this.#chart.options = options ?? {};
    this.#chart.update('none');
  }

  destroy(): void {
    this.#forgetTheme();
    this.#chart.destroy();
  }
}

function configOf(bins: readonly Bin[], canvas: HTMLCanvasElement): ChartConfiguration<'bar', Bar[]> {
  const colours = plotColours(canvas);
  const shared = { barPercentage: 1, categoryPercentage: bins.length > 60 ? 1 : 0.9, stack: 'counts' };
  const at = (value: (bin: Bin) => number) =>
    bins.map((bin) => ({ x: (bin.begin + bin.end) / 2, y: value(bin) }));
  return {
    type: 'bar',
    data: {
      datasets: [
        { ...shared, label: ct.result.kept, data: at(({ after }) => after), backgroundColor: colours.accent },
        {
          ...shared,
          label: ct.result.aside,
          data: at(({ before, after }) => before - after),
          backgroundColor: colours.line,
          borderColor: colours.soft,
          borderWidth: canvas.clientWidth > 8 * bins.length ? 1 : 0,
          borderSkipped: false,
        },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          type: 'linear',
          stacked: true,
          offset: false,
          ...(bins.length > 0 && { min: bins[0]!.begin, max: bins.at(-1)!.end }),
          ...axisColours(colours, false),
          ticks: { color: colours.soft, callback: timeTick, maxRotation: 0 },
          afterBuildTicks: buildTimeTicks,
        },
        y: {
          type: 'linear',
          stacked: true,
          beginAtZero: true,
          ...axisColours(colours, true),
          ticks: { color: colours.soft, callback: numberTick },
        },
      },
      plugins: {
        legend: { display: false },
        annotation: { annotations: [] },
        tooltip: {
          callbacks: {
            title: ([item]) => (item ? utc(bins[item.dataIndex]!.begin) : ''),
            label: ({ dataset, parsed }) => `${dataset.label ?? ''}: ${String(rounded(parsed.y ?? 0))}`,
          },
        },
      },
    },
  };
}
