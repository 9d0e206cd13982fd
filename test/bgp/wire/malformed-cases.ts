/**
 * What peers send wrong, one case a line: what it is, the RFC that says what to do, what is put into a good UPDATE (fields and
 * attributes in hexadecimal, or a whole message), and what becomes of it. Two outcomes are over eBGP and over iBGP.
 */
const table = `
flags: ORIGIN optional                       | 7606 §3 c    | origin=c0010100                    | withdraw 1
flags: ORIGIN not transitive                 | 7606 §3 c    | origin=00010100                    | withdraw 1
flags: ORIGIN partial                        | 4271 §4.3    | origin=60010100                    | withdraw 1
flags: AS_PATH optional                      | 7606 §3 c    | path=c00206 0201 0000fc00          | withdraw 2
flags: AS_PATH partial                       | 4271 §4.3    | path=600206 0201 0000fc00          | withdraw 2
flags: NEXT_HOP optional                     | 7606 §3 c    | hop=c00304 c0000201                | withdraw 3
flags: MED transitive                        | 7606 §3 c    | more=c00404 00000001               | withdraw 4
flags: MED partial                           | 4271 §4.3    | more=a00404 00000001               | withdraw 4
flags: MED well-known                        | 7606 §3 c    | more=400404 00000001               | withdraw 4
flags: LOCAL_PREF optional                   | 7606 §3 c    | more=c00504 00000064               | discard 5 / withdraw 5
flags: ATOMIC_AGGREGATE optional             | 7606 §3 c    | more=c00600                        | withdraw 6
flags: AGGREGATOR not transitive             | 7606 §3 c    | more=800708 0000fc00 0a000001      | withdraw 7
flags: COMMUNITIES well-known                | 7606 §3 c    | more=400804 00000001               | withdraw 8
flags: COMMUNITIES partial                   | 4271 §5      | more=e00804 00000001               | accept
flags: MP_REACH_NLRI transitive              | 7606 §3 c    | more={reach:c0}                    | withdraw 14
flags: MP_UNREACH_NLRI transitive            | 7606 §3 c    | more=c00f03 000201                 | withdraw 15
flags: extended length without need          | 4271 §4.3    | origin=50010001 00                 | accept
flags: the four unused bits set              | 4271 §4.3    | origin=4f010100                    | accept
missing: ORIGIN                              | 7606 §3 d    | origin=                            | withdraw 1
missing: AS_PATH                             | 7606 §3 d    | path=                              | withdraw 2
missing: NEXT_HOP                            | 7606 §3 d    | hop=                               | withdraw 3
missing: LOCAL_PREF                          | 7606 §3 d    | more=                              | accept
missing: all                                 | 7606 §3 d    | attributes=; nlri=18 0a0101        | withdraw 1
twice: ORIGIN                                | 7606 §3 g    | more=40010102                      | discard 1
twice: AS_PATH                               | 7606 §3 g    | more=400206 0201 0000fc01          | discard 2
twice: NEXT_HOP                              | 7606 §3 g    | more=400304 c0000202               | discard 3
twice: MED                                   | 7606 §3 g    | more=800404 00000001 800404 00000002 | discard 4
twice: COMMUNITIES                           | 7606 §3 g    | more=c00804 00000001 c00804 00000002 | discard 8
twice: an attribute that nobody knows        | 7606 §3 g    | more=c0c800 c0c800                 | discard 200
twice: MP_REACH_NLRI                         | 7606 §3 g    | attributes={all}{reach}{reach}     | reset 3/1
twice: MP_UNREACH_NLRI                       | 7606 §3 g    | attributes=800f03 000201 800f03 000101 | reset 3/1
length: one octet behind the last attribute  | 7606 §4      | more=40                            | withdraw 0
length: two octets behind the last attribute | 7606 §4      | more=4004                          | withdraw 4
length: half an extended length              | 7606 §4      | more=900400                        | withdraw 4
length: an attribute overruns the others     | 7606 §4      | more=800405 00000001               | withdraw 4
length: MP_REACH_NLRI overruns the others    | 7606 §3 j    | attributes={all}800eff 000101; nlri=18 0a0101 | reset 3/1
length: MP_UNREACH_NLRI overruns the others  | 7606 §3 j    | attributes=800f09 000201           | reset 3/1
length: withdrawn routes overrun the message | 4271 §6.3    | body=0001 0000                     | reset 3/1
length: attributes overrun the message       | 4271 §6.3    | body=0000 0001                     | reset 3/1
length: no room for the length of attributes | 4271 §6.3    | body=0002 0000                     | reset 3/1
ORIGIN of no octets                          | 7606 §7.1    | origin=400100                      | withdraw 1
ORIGIN of two octets                         | 7606 §7.1    | origin=40010200 00                 | withdraw 1
ORIGIN 3                                     | 7606 §7.1    | origin=40010103                    | withdraw 1
AS_PATH: segment type 0                      | 7606 §7.2    | path=400206 0001 0000fc00          | withdraw 2
AS_PATH: segment type 5                      | 7606 §7.2    | path=400206 0501 0000fc00          | withdraw 2
AS_PATH: a segment without an ASN            | 7606 §7.2    | path=400202 0200                   | withdraw 2
AS_PATH: a segment overruns                  | 7606 §7.2    | path=400206 0202 0000fc00          | withdraw 2
AS_PATH: one octet behind the last segment   | 7606 §7.2    | path=400207 0201 0000fc00 02       | withdraw 2
AS_PATH: AS 0                                | 7607 §2      | path=400206 0201 00000000          | withdraw 2
AS_PATH: AS 0 in a set                       | 7607 §2      | path=400206 0101 00000000          | withdraw 2
AS_PATH: a confederation sequence            | 5065 §5      | path=400206 0301 0000fc00          | withdraw 2 / accept
AS_PATH: a confederation set                 | 5065 §5      | path=400206 0401 0000fc00          | withdraw 2 / accept
AS_PATH: an AS_SET                           | 9774         | path=40020c 0201 0000fc00 0101 0000fde8 | accept
AS_PATH: empty                               | 4271 §5.1.2  | path=400200                        | accept
NEXT_HOP of 5 octets                         | 7606 §7.3    | hop=400305 c000020100              | withdraw 3
NEXT_HOP of 16 octets                        | 7606 §7.3    | hop=400310 {fe80}                  | withdraw 3
NEXT_HOP of no octets                        | 7606 §7.3    | hop=400300                         | withdraw 3
NEXT_HOP 0.0.0.0                             | 4271 §6.3    | hop=400304 00000000                | withdraw 3
NEXT_HOP 0.1.2.3                             | 4271 §6.3    | hop=400304 00010203                | withdraw 3
NEXT_HOP 127.0.0.1                           | 4271 §6.3    | hop=400304 7f000001                | withdraw 3
NEXT_HOP 224.0.0.1                           | 4271 §6.3    | hop=400304 e0000001                | withdraw 3
NEXT_HOP 240.0.0.1                           | 4271 §6.3    | hop=400304 f0000001                | withdraw 3
NEXT_HOP 255.255.255.255                     | 4271 §6.3    | hop=400304 ffffffff                | withdraw 3
MED of 3 octets                              | 7606 §7.4    | more=800403 000001                 | withdraw 4
MED of 5 octets                              | 7606 §7.4    | more=800405 0000000100             | withdraw 4
LOCAL_PREF                                   | 7606 §7.5    | more=400504 00000064               | discard 5 / accept
LOCAL_PREF of 1 octet                        | 7606 §7.5    | more=400501 00                     | discard 5 / withdraw 5
LOCAL_PREF of 5 octets                       | 7606 §7.5    | more=400505 0000000064             | discard 5 / withdraw 5
ATOMIC_AGGREGATE of 1 octet                  | 7606 §7.6    | more=400601 00                     | discard 6
AGGREGATOR of 6 octets, not 8                | 7606 §7.7    | more=c00706 fc00 0a000001          | discard 7
AGGREGATOR of 8 octets, not 6                | 7606 §7.7    | two-octet; path=400204 0201 fc00; more=c00708 0000fc00 0a000001 | discard 7
AGGREGATOR of no octets                      | 7606 §7.7    | more=c00700                        | discard 7
AGGREGATOR with AS 0                         | 7607 §2      | more=c00708 00000000 0a000001      | discard 7
COMMUNITIES of no octets                     | 7606 §7.8    | more=c00800                        | withdraw 8
COMMUNITIES of 5 octets                      | 7606 §7.8    | more=c00805 0000000100             | withdraw 8
ORIGINATOR_ID                                | 7606 §7.9    | more=800904 0a000001               | discard 9 / accept
ORIGINATOR_ID of 3 octets                    | 7606 §7.9    | more=800903 0a0000                 | discard 9 / withdraw 9
CLUSTER_LIST                                 | 7606 §7.10   | more=800a04 0a000001               | discard 10 / accept
CLUSTER_LIST of no octets                    | 7606 §7.10   | more=800a00                        | discard 10 / withdraw 10
CLUSTER_LIST of 5 octets                     | 7606 §7.10   | more=800a05 0a00000100             | discard 10 / withdraw 10
MP_REACH_NLRI with a next hop of 5 octets    | 7606 §7.11   | attributes={all} 800e0a 0001 01 05 0102030405 00 | reset 3/9
MP_REACH_NLRI of IPv6, next hop of 4 octets  | 7606 §7.11   | attributes={all} 800e09 0002 01 04 c0000201 00 | reset 3/9
MP_REACH_NLRI with no next hop               | 7606 §7.11   | attributes={all} 800e05 0001 01 00 00 | reset 3/9
MP_REACH_NLRI whose next hop overruns it     | 7606 §7.11   | attributes={all} 800e05 0001 01 10 fe | reset 3/9
MP_REACH_NLRI of 2 octets                    | 7606 §7.11   | attributes={all} 800e02 0001       | reset 3/9
MP_REACH_NLRI with next hop ::               | 4271 §6.3    | attributes={base} 800e19 0001 01 10 {zero} 00 18 0a0101 | withdraw 14
MP_REACH_NLRI with next hop ::1              | 4271 §6.3    | attributes={base} 800e19 0001 01 10 {one} 00 18 0a0101 | withdraw 14
MP_REACH_NLRI with a multicast next hop      | 4271 §6.3    | attributes={base} 800e19 0001 01 10 {ff02} 00 18 0a0101 | withdraw 14
MP_REACH_NLRI, IPv4 over IPv6 not negotiated | 8950 §4      | plain; attributes={base}{reach}    | withdraw 14
MP_REACH_NLRI of a family not negotiated     | 4760 §7      | more=800e05 0019 46 00 00          | ignore 14
MP_REACH_NLRI and classic NLRI in one        | 7606 §5.1    | more={reach}                       | accept
MP_UNREACH_NLRI of 2 octets                  | 7606 §7.12   | attributes=800f02 0001             | reset 3/9
MP_UNREACH_NLRI of no octets                 | 7606 §7.12   | attributes=800f00                  | reset 3/9
MP_UNREACH_NLRI, incomplete prefix           | 7606 §7.12   | attributes=800f05 0002 01 30 20    | reset 3/10
MP_UNREACH_NLRI of a family not negotiated   | 4760 §7      | more=800f05 0019 46 30 20          | ignore 15
EXTENDED COMMUNITIES of no octets            | 7606 §7.14   | more=c01000                        | withdraw 16
EXTENDED COMMUNITIES of 7 octets             | 7606 §7.14   | more=c01007 00000000000000         | withdraw 16
AS4_PATH: segment overruns                   | 6793 §6      | two-octet; path=400204 0201 5ba0; more=c01103 020100 | discard 17
AS4_PATH: segment type 5                     | 6793 §6      | two-octet; path=400204 0201 5ba0; more=c01106 0501 0000fc00 | discard 17
AS4_PATH: AS 0                               | 7607 §2      | two-octet; path=400204 0201 5ba0; more=c01106 0201 00000000 | discard 17
AS4_PATH from a peer with four-octet ASNs    | 6793 §4.1    | more=c01106 0201 0000fc00          | discard 17
AS4_AGGREGATOR of 6 octets                   | 6793 §6      | two-octet; path=400204 0201 fc00; more=c01206 fc00 0a000001 | discard 18
AS4_AGGREGATOR with AS 0                     | 7607 §2      | two-octet; path=400204 0201 fc00; more=c01208 00000000 0a000001 | discard 18
AS4_AGGREGATOR from such a peer              | 6793 §4.1    | more=c01208 0000fc00 0a000001      | discard 18
IPv6 EXTENDED COMMUNITIES of 8 octets        | 7606 §7.15   | more=c01908 0000000000000000       | withdraw 25
IPv6 EXTENDED COMMUNITIES of no octets       | 7606 §7.15   | more=c01900                        | withdraw 25
AIGP                                         | 7311 §3.3    | more=801a0b 01000b 0000000000000001 | ignore 26
AIGP of 2 octets                             | 7311 §3.3    | more=801a02 0100                   | ignore 26
AIGP transitive                              | 7311 §3.3    | more=c01a0b 01000b 0000000000000001 | ignore 26
BGP-LS Attribute, broken                     | 9552 §8.2.2  | more=801d03 0400ff                 | ignore 29
LARGE_COMMUNITY of no octets                 | 8092 §6      | more=c02000                        | withdraw 32
LARGE_COMMUNITY of 4 octets                  | 8092 §6      | more=c02004 00000000               | withdraw 32
ONLY_TO_CUSTOMER of 2 octets                 | 9234 §5      | more=c02302 0000                   | withdraw 35
BGP Prefix-SID, which we do not know, broken | 4271 §5      | more=c02802 01ff                   | pass 40
unknown: well-known                          | 4271 §6.3    | more=40c801 01                     | reset 3/2
unknown: attribute 0, well-known             | 4271 §6.3    | more=400000                        | reset 3/2
unknown: optional non-transitive             | 4271 §5      | more=80c901 01                     | ignore 201
unknown: optional transitive                 | 4271 §5      | more=c0c801 01                     | pass 200
NLRI: length 33                              | 7606 §5.3    | nlri=21 0a01010101                 | reset 3/10
NLRI: length 255                             | 7606 §5.3    | nlri=ff                            | reset 3/10
NLRI: incomplete                             | 7606 §5.3    | nlri=18 0a01                       | reset 3/10
NLRI: host bits set                          | 4271 §4.3    | nlri=17 0a0101                     | accept
NLRI: incomplete path identifier             | 7911 §3      | paths; nlri=000000                 | reset 3/10
NLRI: path identifier without a prefix       | 7911 §3      | paths; nlri=00000001               | reset 3/10
withdrawn: length 33                         | 7606 §5.3    | withdrawn=21 0a01010101            | reset 3/10
withdrawn: incomplete                        | 7606 §5.3    | withdrawn=18 0a                    | reset 3/10
MP_REACH_NLRI: length 129                    | 7606 §5.3    | attributes={all} 800e26 0002 01 10 {fe80} 00 81 {zero} | reset 3/10
MP_REACH_NLRI: incomplete prefix             | 7606 §5.3    | attributes={all} 800e17 0001 01 10 {fe80} 00 18 0a | reset 3/10
no NLRI: a bad ORIGIN                        | 7606 §5.2    | origin=40010103; nlri=             | reset 3/1
no NLRI: a bad ORIGIN beside withdrawals     | 7606 §5.2    | origin=40010103; nlri=; withdrawn=18 0a0102 | reset 3/1
no NLRI: a discarded attribute               | 7606 §5.2    | more=400601 00; nlri=              | discard 6
no NLRI: bad flags of MP_UNREACH_NLRI alone  | 7606 §5.2    | attributes=c00f0a 0002 01 30 20010db80001 | withdraw 15
no NLRI: overrun behind MP_UNREACH_NLRI      | 7606 §5.2    | attributes=800f03 000201 400105    | reset 3/1
several: withdraw is stronger than discard   | 7606 §3 h    | more=400601 00 800403 000001       | withdraw 4
several: reset is stronger than withdraw     | 7606 §3 h    | origin=40010103; more=40c801 01    | reset 3/2
header: marker not all ones                  | 4271 §6.1    | message=ffffffffffffffffffffffffffffff00 0013 04 | reset 1/1
header: length 18                            | 4271 §6.1    | message={marker} 0012 04           | reset 1/2
header: length 4,097, not extended           | 4271 §6.1    | message={marker} 1001 02           | reset 1/2
header: UPDATE of 22 octets                  | 4271 §6.1    | message={marker} 0016 02 000000    | reset 1/2
header: KEEPALIVE of 20 octets               | 4271 §6.1    | message={marker} 0014 04 00        | reset 1/2
header: OPEN of 28 octets                    | 4271 §6.1    | message={marker} 001c 01 000000000000000000 | reset 1/2
header: NOTIFICATION of 20 octets            | 4271 §6.1    | message={marker} 0014 03 06        | reset 1/2
header: type 0                               | 4271 §6.1    | message={marker} 0013 00           | reset 1/3
header: type 9                               | 4271 §6.1    | message={marker} 0013 09           | reset 1/3
ROUTE-REFRESH of 20 octets                   | 7313 §5      | message={marker} 0014 05 00        | reset 7/1
ROUTE-REFRESH of 24 octets                   | 7313 §5      | message={marker} 0018 05 0001000100 | reset 7/1
ROUTE-REFRESH of an unknown family           | 2918 §4      | message={marker} 0017 05 00190046  | accept
`;

/** How one malformed input is answered (RFC 7606 §2). */
export interface Outcome {
  readonly approach: "withdraw" | "discard" | "reset" | "accept" | "ignore" | "pass";
  /** The attribute's code, or code and subcode of the NOTIFICATION. */
  readonly detail: string;
}

export interface MalformedCase {
  readonly number: number;
  readonly name: string;
  /** `7606 §3 c`. */
  readonly rfc: string;
  readonly input: ReadonlyMap<string, string>;
  readonly external: Outcome;
  readonly internal: Outcome;
}

export const malformedCases: readonly MalformedCase[] = table
  .trim()
  .split("\n")
  .map((line, index) => {
    const [name = "", rfc = "", input = "", outcomes = ""] = line.split("|").map((cell) => cell.trim());
    const [external = "", internal = external] = outcomes.split(" / ");
    return {
      number: index + 1,
      name,
      rfc,
      input: inputOf(input),
      external: outcomeOf(external),
      internal: outcomeOf(internal),
    };
  });

function inputOf(text: string): Map<string, string> {
  return new Map(
    text.split(";").map((part) => {
      const [key = "", value = ""] = part.trim().split("=");
      return [key, value] as const;
    }),
  );
}

function outcomeOf(text: string): Outcome {
  const [approach = "", detail = ""] = text.split(" ");
  return { approach: approach as Outcome["approach"], detail };
}
