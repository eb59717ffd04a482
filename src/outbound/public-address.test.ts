import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';

const REFUSED = {
  loopback: '127.0.0.1',
  'loopback, elsewhere in the block': '127.9.9.9',
  unspecified: '0.0.0.0',
  'this network': '0.1.2.3',
  'private 10/8': '10.0.0.1',
  'private 172.16/12': '172.31.255.255',
  'private 192.168/16': '192.168.1.1',
  'cloud metadata': '169.254.169.254',
  'carrier-grade NAT': '100.64.0.1',
  documentation: '192.0.2.1',
  benchmarking: '198.18.0.1',
  multicast: '224.0.0.1',
  broadcast: '255.255.255.255',
  'IPv6 loopback': '::1',
  'IPv6 unspecified': '::',
  'unique local': 'fd00::1',
  'link local': 'fe80::1',
  'link local with a zone': 'fe80::1%eth0',
  'IPv4-mapped loopback': '::ffff:127.0.0.1',
  'IPv4-mapped metadata in hex': '::ffff:a9fe:a9fe',
  'IPv4-mapped public': '::ffff:93.184.215.14',
  'IPv4-compatible loopback': '::127.0.0.1',
  'NAT64 of loopback': '64:ff9b::7f00:1',
  'NAT64 of metadata': '64:ff9b::a9fe:a9fe',
  'local NAT64': '64:ff9b:1::1',
  '6to4 of loopback': '2002:7f00:1::',
  Teredo: '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  'IPv6 documentation': '2001:db8::1',
  'IPv6 multicast': 'ff02::1',
  'unassigned IPv6': '4000::1',
  'a name': 'localhost',
  nothing: '',
};

describe('public addresses', () => {
  it.each(Object.entries(REFUSED))('does not take %s for public', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.215.14', '1.1.1.1', '2606:4700:4700::1111', '64:ff9b::5db8:d70e'])('takes %s for public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});
