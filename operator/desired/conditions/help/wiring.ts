/** Conditions about who finds whom, and who trusts whom. */
import type { ConditionHelp } from './help.ts';

/** By type. */
export const wiringHelp = {
  CredentialsSynced: {
    means: 'every client has a usable Secret, and every namespace that asked has the binding',
    well: ['Synced'],
    toDo: {
      CredentialsMissing: 'Create the Secret that the message names, or set `create: true` for the client.',
      NamespaceNotAllowed: 'Add the namespace to the chart value `bindingNamespaces`.',
      NamespaceMissing: 'Create the namespace, or take it out of `binding.namespaces`.',
      BindingLeft:
        'Run the command in the message, or give the operator its right back: a copy of the binding is where it is not wanted.',
      NamespaceForbidden: 'Upgrade the chart with `rbac.create` and the namespace in `bindingNamespaces`.',
    },
  },
  CertificateReady: {
    means: 'the API has a usable certificate; absent without `tls.api`',
    well: ['Valid'],
    passing: ['Asking', 'Issuing'],
    toDo: {
      ExpiresSoon: 'See why it was not renewed: `kubectl describe certificate`, or renew the Secret.',
      Expired: 'Renew it: pods serve the new one without a restart.',
      SecretMissing: 'Create the Secret of `tls.api.secretName`, with the label that the message names.',
      InvalidCertificate: 'Put a pair of `tls.crt` and `tls.key` into the Secret that fits.',
      WrongName: 'Have a certificate made for the name in the message: Mattermost connects to that.',
      CertManagerMissing: 'Install cert-manager, or set `tls.api.mode: Secret`.',
      CertManagerForbidden: 'Upgrade the chart with `rbac.create`, or set `tls.api.mode: Secret`.',
    },
  },
  AddressesResolved: {
    means: 'every pod has an address to tell its clients',
    well: ['PublicAddress', 'PrivateAddress', 'NoNodeYet'],
    toDo: {
      NoNodeAddress: 'Give the node an address of the kinds in `network.address.sources`.',
      InvalidNodeAddress: 'Correct the value that the message names: `address` or `address:port`.',
      AddressMapMissing: 'Create the ConfigMap of `network.address.sources`, with the label of the cluster.',
    },
  },
  AddressesReachable: {
    means: 'probe calls got through to the addresses that clients are told',
    well: ['Reached', 'NotVerified', 'NotProbed', 'StockRtcd'],
    toDo: {
      NotReachable: 'Open the port that the message names in firewalls, or correct the address.',
      CannotProbe: 'The message says why: mostly an image that is too old for probe calls.',
    },
  },
  ExternalNameResolves: {
    means: '`discovery.external.hostname` leads to the published pods and nowhere else; absent without it',
    well: ['RecordsMatch', 'NothingPublished'],
    passing: ['Asking'],
    toDo: {
      NameNotResolved: 'See external-dns, or make the records by hand as the message says.',
      RecordsMissing: 'The same: new pods take no calls before.',
      RecordsStale: 'The same: pods that left are kept until nothing leads to them.',
    },
  },
  TurnReady: {
    means: 'the TurnServer of `turn.turnServerName` serves and relays to the cluster; absent without it',
    well: ['TurnServerInUse'],
    passing: ['TurnServerStarting', 'Asking'],
    toDo: {
      TurnServerMissing: 'Create the TurnServer, or correct the name.',
      TurnServersNotServed: 'Upgrade the chart: it brings the kind and the rights on it.',
      NotAllowedAsPeer: 'Add the cluster to `peers.allow` of the TurnServer.',
      TurnServerNotReady: 'See the conditions of the TurnServer; the message repeats its Ready.',
    },
  },
  APIExposureSafe: {
    means: 'the API listens on no public address in the clear',
    well: ['PrivateAddresses', 'PublicWithTLS', 'NoNodeYet'],
    toDo: { PublicWithoutTLS: 'As the message says: `tls.api`, `network.apiBind`, or a firewall.' },
  },
  PodSecurityCompatible: {
    means: 'the namespace admits pods on the network of their node',
    well: ['Admitted', 'NoPodYet'],
    toDo: {
      PodSecurityForbids: 'Label the namespace as the message says, or use another one.',
      SecurityContextForbids: 'Allow the security context constraint as the message says.',
    },
  },
} satisfies Readonly<Record<string, ConditionHelp>>;
