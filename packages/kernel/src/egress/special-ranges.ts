export type SpecialReason =
  | 'unspecified'
  | 'this_network'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'link_local'
  | 'protocol_assignment'
  | 'documentation'
  | 'benchmarking'
  | 'relay_anycast'
  | 'multicast'
  | 'reserved'
  | 'broadcast'
  | 'metadata'
  | 'v4_mapped'
  | 'v4_compatible'
  | 'v4_translated'
  | 'nat64'
  | 'nat64_local'
  | 'discard'
  | 'teredo'
  | 'six_to_four'
  | 'segment_routing'
  | 'unique_local'
  | 'site_local'

/**
 * The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190) with multicast (RFC 5771, RFC 4291),
 * the deprecated site-local block (RFC 3879) and the clouds' metadata addresses. The most specific range wins. IPv4
 * outside every range is globally reachable; IPv6 only inside 2000::/3, the one block IANA allocates from (RFC 4291).
 *
 * 192.0.0.0/24 and 2001::/23 are refused whole, although the registries mark a few anycast addresses in them reachable:
 * those are answered by the nearest gateway, which is the operator's own.
 */
export const specialRanges: readonly (readonly [cidr: string, reason: SpecialReason | 'global'])[] = [
  ['0.0.0.0/8', 'this_network'],
  ['0.0.0.0/32', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link_local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol_assignment'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', 'relay_anycast'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['255.255.255.255/32', 'broadcast'],

  ['::/0', 'reserved'],
  ['::/96', 'v4_compatible'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0/96', 'v4_mapped'],
  ['::ffff:0:0:0/96', 'v4_translated'],
  ['64:ff9b::/96', 'nat64'],
  ['64:ff9b:1::/48', 'nat64_local'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'discard'],
  ['2000::/3', 'global'],
  ['2001::/23', 'protocol_assignment'],
  ['2001::/32', 'teredo'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', 'six_to_four'],
  ['3fff::/20', 'documentation'],
  ['5f00::/16', 'segment_routing'],
  ['fc00::/7', 'unique_local'],
  ['fe80::/10', 'link_local'],
  ['fec0::/10', 'site_local'],
  ['ff00::/8', 'multicast'],

  // Amazon EC2, Google, Microsoft Azure, Oracle and most others; Amazon's resolver and clock; ECS and EKS credentials.
  ['169.254.169.254/32', 'metadata'],
  ['169.254.169.253/32', 'metadata'],
  ['169.254.169.123/32', 'metadata'],
  ['169.254.170.2/32', 'metadata'],
  ['169.254.170.23/32', 'metadata'],
  ['fd00:ec2::254/128', 'metadata'],
  ['fd00:ec2::253/128', 'metadata'],
  ['fd00:ec2::23/128', 'metadata'],
  // Alibaba Cloud; Oracle Cloud classic; Azure's wire server, which lies in public space.
  ['100.100.100.200/32', 'metadata'],
  ['192.0.0.192/32', 'metadata'],
  ['168.63.129.16/32', 'metadata'],
  // Google over IPv6; OpenStack over IPv6; Scaleway; Tencent Cloud.
  ['fd20:ce::254/128', 'metadata'],
  ['fe80::a9fe:a9fe/128', 'metadata'],
  ['169.254.42.42/32', 'metadata'],
  ['fd00:42::42/128', 'metadata'],
  ['169.254.0.23/32', 'metadata'],
]
