/** PURE: what npm says of the programs' packages, and what the media worker was made of → one CycloneDX document for a program. */

/** A package, as npm lists it. */
export interface BomPart {
  readonly name: string;
  /** `name@version`. */
  readonly 'bom-ref'?: string;
}

/** Which part needs which. */
export interface BomNeed {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** As far as we read or write it (CycloneDX 1.5). */
export interface Bom {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly components: readonly BomPart[];
  readonly dependencies?: readonly BomNeed[];
  readonly [field: string]: unknown;
}

/** What a document is of. */
export interface ReleaseFacts {
  /** Of the image. */
  readonly name: string;
  /** The packages that are in it, `undici@7.1.0`. */
  readonly packages: readonly string[];
  readonly version: string;
  /** Seconds since 1970 of the commit: the same sources make the same document. */
  readonly epochS: number;
}

/** A library of the media worker. */
export interface NativePart {
  readonly name: string;
  readonly version: string;
  /** Package URL: https://github.com/package-url/purl-spec. */
  readonly purl: string;
}

/** `npm sbom` gives each run a number and a time of its own: they are taken out. */
export function releaseBom(npm: Bom, parts: readonly NativePart[], facts: ReleaseFacts): Bom {
  const { name, version, epochS, packages } = facts;
  const bundled = npm.components.filter((part) => packages.includes(part['bom-ref'] ?? ''));
  const rest = Object.fromEntries(Object.entries(npm).filter(([key]) => key !== 'serialNumber'));
  const component = npm.metadata['component'] as object | undefined;
  return {
    ...rest,
    metadata: {
      ...npm.metadata,
      timestamp: new Date(epochS * 1000).toISOString(),
      component: { ...component, name, version },
    },
    components: [...bundled, ...parts.map((part) => ({ type: 'library', 'bom-ref': part.purl, ...part }))],
    ...(npm.dependencies && { dependencies: needsAmong(npm.dependencies, bundled) }),
  };
}

/** Nothing refers to a part that is not there. */
function needsAmong(needs: readonly BomNeed[], parts: readonly BomPart[]): readonly BomNeed[] {
  const known = new Set(parts.map((part) => part['bom-ref']));
  return needs
    .filter(({ ref }) => known.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => known.has(one)) }));
}

/** `name=version` lines of Debian packages → parts. */
export function debianParts(versions: ReadonlyMap<string, string>): NativePart[] {
  return [...versions]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, version]) => ({ name, version, purl: `pkg:deb/debian/${name}@${version}?distro=bookworm` }));
}
