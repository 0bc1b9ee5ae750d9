/** Leases as an API server keeps them, for elections on a clock that the test moves: optimistic, and able to fail. */
import type { KubeApi, KubeObject } from '../../operator/kube/api.ts';
import {
  AlreadyExistsError,
  ConflictError,
  NotFoundError,
  UnavailableError,
} from '../../operator/kube/errors.ts';

/** One Lease for several candidates. */
export interface FakeLeases {
  /** A candidate's own way to the server; it can be cut without the others noticing. */
  connect(): Pick<KubeApi, 'get' | 'create' | 'replace'> & { isCut: boolean };
  readonly lease: () => KubeObject | undefined;
  /** Somebody deletes it by hand. */
  remove(): void;
  readonly writes: () => number;
}

/** There is no Lease yet. */
export function createFakeLeases(): FakeLeases {
  let lease: KubeObject | undefined;
  let version = 0;
  const failure = { call: 'leases', status: 0, reason: 'Fake', message: 'as the test wants it' };
  const store = (object: KubeObject): KubeObject => {
    version += 1;
    lease = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    return lease;
  };
  const connect: FakeLeases['connect'] = () => {
    const arrive = (): Promise<void> =>
      connection.isCut ? Promise.reject(new UnavailableError(failure)) : Promise.resolve();
    const connection: ReturnType<FakeLeases['connect']> = {
      isCut: false,
      async get() {
        await arrive();
        if (lease === undefined) throw new NotFoundError(failure);
        return lease;
      },
      async create(_resource, object) {
        await arrive();
        if (lease !== undefined) throw new AlreadyExistsError(failure);
        return store(object);
      },
      async replace(_resource, object) {
        await arrive();
        if (lease === undefined) throw new NotFoundError(failure);
        if (lease.metadata.resourceVersion !== object.metadata.resourceVersion)
          throw new ConflictError(failure);
        return store(object);
      },
    };
    return connection;
  };
  return { connect, lease: () => lease, remove: () => (lease = undefined), writes: () => version };
}
