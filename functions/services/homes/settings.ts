// The section `userhomes` of the configuration: where homes are and who makes them.
import * as z from 'zod';
import { isGlob } from '../../../lib/glob';

const id = z.int().min(0).max(4_294_967_294).default(1000);
const absolutePath = z.string().regex(/^\/[^\0]*$/, 'must be an absolute path');
const quantities = z.record(z.string(), z.string());

const initContainer = z
  .strictObject({
    image: z.string().min(1),
    /** Name of the pod volume that holds every home. */
    volume: z.string().min(1),
    mountPath: absolutePath.default('/homes'),
    /** One skeleton for all, its keys are the files. */
    skeletonConfigMap: z.string().min(1).optional(),
    /** In the image: holds `<mapped credential><suffix>/`, like `skel`. */
    skeletonPath: absolutePath.optional(),
    /** Only root may give homes away; else the container runs as uid:gid, and the volume must be writable for them. */
    runAsRoot: z.boolean().default(false),
    resources: z
      .strictObject({ requests: quantities.optional(), limits: quantities.optional() })
      .default({ requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '128Mi' } }),
  })
  .refine(({ skeletonConfigMap, skeletonPath }) => !skeletonConfigMap || !skeletonPath, {
    message: 'skeletonConfigMap and skeletonPath exclude each other',
  });

export const homesSettings = z
  .strictObject({
    /** Who makes homes; by default this function where `base` is configured, else nobody. */
    mode: z.enum(['folder', 'initContainer', 'none']).optional(),
    base: absolutePath.optional(),
    skel: absolutePath.default('/etc/skel'),
    credential_mapping: z.record(z.string(), z.string()).default({}),
    service_suffix: z.record(z.string(), z.string()).default({}),
    skel_ignore_files: z.array(z.string().refine(isGlob, 'is not a shell glob')).default([]),
    uid: id,
    gid: id,
    initContainer: initContainer.optional(),
  })
  .refine(({ mode, initContainer: container }) => mode !== 'initContainer' || container !== undefined, {
    path: ['initContainer'],
    message: 'is required when mode is initContainer',
  })
  .transform(({ mode, base, ...others }) => ({
    ...others,
    mode: mode ?? (base === undefined ? 'none' : 'folder'),
    base: base ?? '/tmp/userhomes',
  }));

export type HomesSettings = Readonly<z.infer<typeof homesSettings>>;
export type HomeInitContainer = Readonly<z.infer<typeof initContainer>>;
