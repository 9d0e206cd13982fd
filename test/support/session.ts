import type { SessionParameters } from "../../src/bgp/session/parameters.ts";
import type { ConnectionId } from "../../src/bgp/session/state.ts";
import type { RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";

/** Parameters of the seed's first router; the second is AS 64513, 0.0.0.2. */
export const parameters: SessionParameters = {
  asn: asn(64512),
  routerId: "0.0.0.1" as RouterId,
  remoteAs: asn(64513),
  remoteId: null,
  passive: false,
  families: [4, 6],
  holdTime: 6,
  keepaliveTime: 3,
  connectRetryTime: 1,
  idleHoldTime: 0,
  delayOpenTime: 0,
  sendHoldTime: null,
  connectRetryJitter: [1, 1],
  idleHoldJitter: [1, 1],
  dampPeerOscillations: false,
  collisionDetectEstablished: false,
  role: null,
  strictRole: false,
  addPath: "off",
  gracefulRestart: "off",
  restartTime: 120,
  restarting: false,
  forwarding: false,
  hostname: "r1",
};

export const peerParameters: SessionParameters = {
  ...parameters,
  asn: asn(64513),
  routerId: "0.0.0.2" as RouterId,
  remoteAs: asn(64512),
  hostname: "r2",
};

export const connectionId = (text: string): ConnectionId => text as ConnectionId;
