/** Which pages every newcomer goes through: their commands are run before anything reaches main. */

/** See the file comment; the others are played by `make test-all`. */
export const frontDoor: readonly string[] = ['README.md', 'docs/quickstart.md'];
