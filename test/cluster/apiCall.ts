/** PURE: what a request asks of the API server, in the words of RBAC (verb, group, resource). */

/** A request as an authorizer sees it: https://kubernetes.io/docs/reference/access-authn-authz/authorization/ */
export interface ApiCall {
  /** get, list, watch, create, update, patch, delete, deletecollection; of other paths the method in lower case. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** With its subresource: `pods/status`. Of paths that are no resource, the path. */
  readonly resource: string;
  /** Empty when there is none. */
  readonly namespace: string;
  readonly name: string;
  /** Of writes: who they say they are for server-side apply (`fieldManager`). */
  readonly fieldManager: string;
}

/** Reads method and URL (path and query). */
export function apiCall(method: string, url: string): ApiCall {
  const { pathname, searchParams } = new URL(url, 'https://api');
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const fieldManager = searchParams.get('fieldManager') ?? '';
  const rest = resourceParts(parts);
  if (rest === undefined)
    return {
      verb: method.toLowerCase(),
      group: '',
      resource: pathname,
      namespace: '',
      name: '',
      fieldManager,
    };
  const { namespace, resource = '', name = '', subresource } = target(rest);
  return {
    verb: verbOf(method, name !== '', searchParams.get('watch')),
    group: parts[0] === 'apis' ? (parts[1] ?? '') : '',
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    namespace,
    name,
    fieldManager,
  };
}

/** Whether a call changes anything. */
export function isWrite({ verb }: Pick<ApiCall, 'verb'>): boolean {
  return ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb);
}

/** What follows /api/VERSION or /apis/GROUP/VERSION; undefined for other paths and for discovery. */
function resourceParts(parts: readonly string[]): readonly string[] | undefined {
  const prefix = { api: 2, apis: 3 }[parts[0] ?? ''];
  return prefix === undefined || parts.length <= prefix ? undefined : parts.slice(prefix);
}

interface Target {
  readonly namespace: string;
  readonly resource: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

function target(rest: readonly string[]): Target {
  const [first, namespace = '', third] = rest;
  // A Namespace has two subresources; any other third part is a resource in the namespace.
  const isInNamespace =
    first === 'namespaces' && third !== undefined && !['status', 'finalize'].includes(third);
  const [resource, name, subresource] = isInNamespace ? rest.slice(2) : rest;
  return { namespace: isInNamespace ? namespace : '', resource, name, subresource };
}

function verbOf(method: string, hasName: boolean, watch: string | null): string {
  if (method === 'GET' && (watch === 'true' || watch === '1')) return 'watch';
  if (method === 'GET') return hasName ? 'get' : 'list';
  if (method === 'DELETE') return hasName ? 'delete' : 'deletecollection';
  return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase();
}
