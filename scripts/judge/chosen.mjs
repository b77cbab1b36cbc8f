import { glassKernels } from '../domain.mjs';

/**
 * The page's own choice of a reference among clean snapshots.
 *
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @returns {Promise<(given: import('./cameras.mjs').Snapshot[]) => Promise<import('./cameras.mjs').Snapshot[]>>}
 */
export async function chooser(load) {
  const { sortGiven } = await load('core/domain/glass/sort-given');
  const { chooseReference, sortClean } = await load('features/setup/choose-reference');
  const kernels = await glassKernels(load);
  const looker = { sort: async (pictures, walls) => sortGiven(pictures, walls, kernels) };
  return async (given) => {
    const snapshots = given.map((snapshot) => ({ ...snapshot, glass: snapshot.picture, isGuessed: false }));
    const { clean } = chooseReference(await sortClean(looker, snapshots, {}), { takesTraced: false });
    return clean.map((snapshot) => given[snapshots.indexOf(snapshot)]);
  };
}
