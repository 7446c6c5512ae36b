import { protobufToJson } from '../../../../../dev/cluster/api/server/protobuf';

/** One field of the wire format: a number, or bytes and text with their length before them. */
function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === 'number') return Buffer.from([number << 3, value]);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}

function envelope(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const typeMeta = Buffer.concat([field(1, apiVersion), field(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, typeMeta), field(2, raw)]);
}

describe('protobuf bodies of typed clients', () => {
  it('become the JSON of their object, with maps, lists and bytes', () => {
    const data = field(2, Buffer.concat([field(1, 'key'), field(2, 'value')]));
    const metadata = field(1, Buffer.concat([field(1, 'a'), field(14, 'example.com/x'), field(14, 'example.com/y')]));
    const json = JSON.parse(protobufToJson(envelope('v1', 'Secret', Buffer.concat([metadata, data]))));
    expect(json).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a', finalizers: ['example.com/x', 'example.com/y'] },
      data: { key: 'dmFsdWU=' },
    });
  });

  it('keep a zero where absent is another thing, and drop it elsewhere', () => {
    const spec = field(2, Buffer.concat([field(1, 0), field(5, 0)]));
    const json = JSON.parse(protobufToJson(envelope('apps/v1', 'Deployment', spec)));
    expect(json.spec).toEqual({ replicas: 0 });
  });

  it('spread the fields of embedded messages', () => {
    const volume = Buffer.concat([field(1, 'v'), field(2, field(2, ''))]);
    const json = JSON.parse(protobufToJson(envelope('v1', 'Pod', field(2, field(1, volume)))));
    expect(json.spec.volumes).toEqual([{ name: 'v', emptyDir: {} }]);
  });

  it('are refused when they are something else', () => {
    expect(() => protobufToJson(Buffer.from('{}'))).toThrow('not a Kubernetes protobuf body');
    expect(() => protobufToJson(envelope('v1', 'Widget', Buffer.alloc(0)))).toThrow('no protobuf schema for Widget');
  });
});
