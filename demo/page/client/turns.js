/** One thing after the other: what is begun while something else is going on waits for it, whether that goes well or not. */

/** A function that runs work in turn and resolves or rejects with what came of it. */
export function createTurns() {
  let last = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
