import type { Job } from '../../core/domain/camera/job';

/**
 * Marks a job's point in the plot that a part of the page draws, with its label beside it; a job without one unmarks
 * what is marked.
 *
 * @param id - null for none
 */
export async function markPoint(part: HTMLElement, id: string | null): Promise<void> {
  const canvas = part.querySelector('canvas');
  if (!canvas) return;
  const { Chart } = await import('chart.js');
  const chart = Chart.getChart(canvas);
  if (!chart) return;
  const marked = chart.data.datasets.flatMap(({ data }, datasetIndex) => {
    const points = data as unknown as readonly { readonly record?: Job | null }[];
    const index = id === null ? -1 : points.findIndex(({ record }) => record?.id === id);
    return index < 0 ? [] : [{ datasetIndex, index }];
  });
  chart.setActiveElements(marked);
  chart.tooltip?.setActiveElements(marked, { x: 0, y: 0 });
  chart.update('none');
}
