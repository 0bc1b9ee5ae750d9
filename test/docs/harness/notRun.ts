/** The closed list of commands that no test runs, and what is known of them instead. */

/** By kind: why, and what checks them all the same. `docs/not-run.md` is drawn from it. */
export const notRun = {
  cloud: {
    what: 'the command line of a cloud',
    why: 'it needs an account and costs money',
    instead: 'read by `bash -n`; nobody ran it for this version',
  },
  kind: {
    what: '`kind`',
    why: 'it pulls a node image from a registry',
    instead:
      'read by `bash -n`; what follows it on the page runs on the Kubernetes of `make cluster` in a test',
  },
  k3s: {
    what: 'the installer of k3s',
    why: 'it is downloaded from the Internet and changes the machine',
    instead:
      'read by `bash -n`; what follows it on the page runs on the Kubernetes of `make cluster` in a test',
  },
  registry: {
    what: '`docker push` and what pulls afterwards',
    why: 'it needs a registry of yours',
    instead: 'read by `bash -n`; the images are built and started by the tests, from archives',
  },
  host: {
    what: 'changes of a host: packages, services, firewall, kernel settings',
    why: 'a test must leave the machine as it was',
    instead: 'read by `bash -n`; the files that they install are tested in `test/deploy/`',
  },
  mattermost: {
    what: 'what is done to a Mattermost server',
    why: 'there was none where this was written',
    instead: 'read by `bash -n`; its plugin is played by the rules of its sources',
  },
  long: {
    what: '`make`, `npm` and the programs behind them that take minutes',
    why: 'they are what runs the tests, or are run by them',
    instead:
      'the target, script and paths are looked up; `make test` and `make test-all` run what is behind them',
  },
} as const;

/** A kind of `notRun`. */
export type NotRun = keyof typeof notRun;
