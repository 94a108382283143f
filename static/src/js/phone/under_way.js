// @ts-check
/**
 * What a screen is still keeping: a chosen file is read and sealed, which takes a phone seconds.
 * Promise: one piece of work after the other, and whoever waits for them learns if any failed.
 */

/** @returns {{ run: (work: () => Promise<boolean>) => Promise<boolean>, settled: () => Promise<boolean> }}
 *  work answers whether it went well; `settled` whether all did that was under way when it was asked */
export function createUnderWay() {
  let going = 0;
  let last = Promise.resolve(true);
  const settled = () => (going ? last : Promise.resolve(true));

  /** @param {() => Promise<boolean>} work */
  async function run(work) {
    const before = settled();
    const mine = before.then(work);
    last = mine.then(
      async (well) => (await before) && well,
      () => false,
    );
    going += 1;
    try {
      return await mine;
    } finally {
      going -= 1;
    }
  }

  return { run, settled };
}
