import type { Notification } from "./message.ts";

/** NOTIFICATION codes and subcodes (RFC 4271 §4.5, 4486, 5492, 6608, 7313, 8538, 9234, 9687). */
export const notificationReasons = {
  connectionNotSynchronized: [1, 1],
  badMessageLength: [1, 2],
  badMessageType: [1, 3],
  malformedOpen: [2, 0],
  unsupportedVersion: [2, 1],
  badPeerAs: [2, 2],
  badBgpIdentifier: [2, 3],
  unsupportedOptionalParameter: [2, 4],
  unacceptableHoldTime: [2, 6],
  unsupportedCapability: [2, 7],
  roleMismatch: [2, 11],
  malformedAttributeList: [3, 1],
  unrecognizedWellKnownAttribute: [3, 2],
  missingWellKnownAttribute: [3, 3],
  attributeFlagsError: [3, 4],
  attributeLengthError: [3, 5],
  invalidOrigin: [3, 6],
  invalidNextHop: [3, 8],
  optionalAttributeError: [3, 9],
  invalidNetworkField: [3, 10],
  malformedAsPath: [3, 11],
  holdTimerExpired: [4, 0],
  fsmError: [5, 0],
  unexpectedInOpenSent: [5, 1],
  unexpectedInOpenConfirm: [5, 2],
  unexpectedInEstablished: [5, 3],
  cease: [6, 0],
  maximumPrefixes: [6, 1],
  administrativeShutdown: [6, 2],
  peerDeconfigured: [6, 3],
  administrativeReset: [6, 4],
  connectionRejected: [6, 5],
  otherConfigurationChange: [6, 6],
  connectionCollisionResolution: [6, 7],
  outOfResources: [6, 8],
  hardReset: [6, 9],
  routeRefreshLength: [7, 1],
  sendHoldTimerExpired: [8, 0],
} as const satisfies Record<string, readonly [code: number, subcode: number]>;

export type NotificationReason = keyof typeof notificationReasons;

/** What a hard reset says besides (RFC 8538 §3.1); undefined for any other NOTIFICATION. Its data is a view. */
export function insideHardReset(notification: Notification): Notification | undefined {
  const { code, subcode, data } = notification;
  const [innerCode, innerSubcode] = data;
  const [cease, hardReset] = notificationReasons.hardReset;
  if (code !== cease || subcode !== hardReset || innerCode === undefined || innerSubcode === undefined) {
    return undefined;
  }
  return { ...notification, code: innerCode, subcode: innerSubcode, data: data.subarray(2) };
}

/** In words, for logs and reports: `2/2 (bad peer as)`; numbers alone if unknown. */
export function describeNotification(code: number, subcode: number): string {
  const name = Object.entries(notificationReasons).find(([, [c, s]]) => c === code && s === subcode)?.[0];
  const words = name?.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return words === undefined ? `${code}/${subcode}` : `${code}/${subcode} (${words})`;
}
