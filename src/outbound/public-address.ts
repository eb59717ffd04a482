import ipaddr from 'ipaddr.js';

/** RFC 6052 well-known prefix, which DNS64 puts before a public IPv4 address. RFC 8215's local prefix is not let through. */
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');
/** RFC 4291 §2.4: the only block from which global unicast is assigned. Keeps out `::a.b.c.d` and unassigned space. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');

/**
 * True when `address` is a public unicast address. Forms that carry an IPv4 address inside (IPv4-mapped, 6to4, Teredo)
 * are refused, whatever they carry: no public server needs one, and they are the usual way round such a check. NAT64
 * is judged by the address inside, because IPv6-only networks have no other way to IPv4 hosts.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.zoneId !== undefined && parsed.zoneId !== '') return false;
  if (parsed.match(NAT64, 96)) return new ipaddr.IPv4(parsed.toByteArray().slice(12)).range() === 'unicast';
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST, 3);
}
