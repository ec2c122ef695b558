/** The tags of a display profile with a matrix (ICC.1:2001-04 6.3.3.2), each by its signature. */
function tags(): readonly (readonly [string, Buffer])[] {
  const gamma = Buffer.concat([type('curv'), uint32(1), Buffer.of(0x02, 0x33, 0, 0)])
  const white = [0.9642, 1, 0.8249] as const
  return [
    ['desc', description('Test RGB')],
    ['cprt', Buffer.concat([type('text'), Buffer.from('Public domain\0', 'latin1')])],
    ['wtpt', point(white)],
    ['rXYZ', point([0.4361, 0.2225, 0.0139])],
    ['gXYZ', point([0.3851, 0.7169, 0.0971])],
    ['bXYZ', point([0.1431, 0.0606, 0.7139])],
    ['rTRC', gamma],
    ['gTRC', gamma],
    ['bTRC', gamma],
  ]
}

/** An RGB profile for an output intent, in the version that PDF/A-1 knows. */
export function rgbProfile(): Buffer {
  const all = tags().map(([name, data]) => [name, padded(data)] as const)
  let at = HEADER_BYTES + 4 + 12 * all.length
  const table: Buffer[] = [uint32(all.length)]
  for (const [name, data] of all) {
    table.push(Buffer.from(name, 'latin1'), uint32(at), uint32(data.length))
    at += data.length
  }
  const profile = Buffer.concat([header(), ...table, ...all.map(([, data]) => data)])
  profile.writeUInt32BE(profile.length, 0)
  return profile
}

const HEADER_BYTES = 128

function header(): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.writeUInt32BE(0x02100000, 8)
  bytes.write('mntrRGB XYZ ', 12, 'latin1')
  for (const [i, part] of [2026, 1, 1].entries()) bytes.writeUInt16BE(part, 24 + 2 * i)
  bytes.write('acsp', 36, 'latin1')
  bytes.set(point([0.9642, 1, 0.8249]).subarray(8), 68)
  return bytes
}

function type(name: string): Buffer {
  return Buffer.concat([Buffer.from(name, 'latin1'), Buffer.alloc(4)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function point(coordinates: readonly [number, number, number]): Buffer {
  return Buffer.concat([type('XYZ '), ...coordinates.map((value) => uint32(Math.round(value * 0x10000)))])
}

function description(text: string): Buffer {
  const ascii = Buffer.from(`${text}\0`, 'latin1')
  return Buffer.concat([type('desc'), uint32(ascii.length), ascii, Buffer.alloc(78)])
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)])
}
