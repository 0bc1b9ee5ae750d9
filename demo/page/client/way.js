/** The way of a page's media: what it may use, and what it uses. */

const isWay = {
  udp: (url) => url.startsWith('turn:') && url.endsWith('transport=udp'),
  tcp: (url) => url.startsWith('turn:') && url.endsWith('transport=tcp'),
  tls: (url) => url.startsWith('turns:'),
};

/** RTCConfiguration. `relay` (`udp`, `tcp`, `tls`) is who sits behind a firewall that lets only that kind of TURN through. */
export function configurationOf({ iceServers, relay }) {
  if (relay === undefined) return { iceServers };
  const reachable = iceServers.map((server) => ({ ...server, urls: server.urls.filter(isWay[relay]) }));
  return { iceTransportPolicy: 'relay', iceServers: reachable.filter(({ urls }) => urls.length > 0) };
}

/** Of the pair of candidates that media flows over; undefined before there is one. */
export function wayIn(stats) {
  const entries = [...stats.values()];
  const byId = (wanted) => entries.find(({ id }) => id === wanted);
  const transport = entries.find(({ type }) => type === 'transport');
  const local = byId(byId(transport?.selectedCandidatePairId)?.localCandidateId);
  if (local === undefined) return undefined;
  return { kind: local.candidateType, relayProtocol: local.relayProtocol, url: local.url };
}
