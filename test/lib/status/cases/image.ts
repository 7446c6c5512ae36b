// Images.
import type { Case } from '../fixtures';
import {
  at,
  backOff,
  container,
  creating,
  ended,
  event,
  normal,
  pod,
  ready,
  running,
  seen,
  waiting,
} from '../fixtures';

const IMAGE = '"registry.example/lab:1"';
const notFound = `Failed to pull image ${IMAGE}: rpc error: code = NotFound desc = failed to pull and unpack image ${IMAGE}: failed to resolve reference ${IMAGE}: registry.example/lab:1: not found`;
const gateway = `Failed to pull image ${IMAGE}: failed to resolve reference ${IMAGE}: unexpected status from HEAD request to https://registry.example/v2/lab/manifests/1: 503 Service Unavailable`;
const pulling = (reason: string, message?: string) => pod([container(waiting(reason, message))]);
const backOffText = `Back-off pulling image ${IMAGE}`;

export const imageCases: readonly Case[] = [
  {
    it: 'an invalid image name is hopeless at once',
    seen: seen([pulling('InvalidImageName', 'Failed to apply default image tag "lab:::": couldn\'t parse image name')]),
    at: 2,
    says: 'failed ImagePull',
    more: { retryable: false, step: 'pulling', container: 'main', pod: 'lab-1-abc' },
  },
  {
    it: 'an image that may never be pulled is hopeless at once',
    seen: seen([pulling('ErrImageNeverPull', 'Container image "lab:1" is not present with pull policy of Never')]),
    at: 3,
    says: 'failed ImagePull',
  },
  {
    it: 'a first "not found" is told but not final',
    seen: seen([pulling('ErrImagePull', notFound)], [event(['Failed', notFound], 4)]),
    at: 6,
    says: 'starting ImagePull',
    more: { retryable: false, finalAt: at(19).replace('Z', '.000Z') },
  },
  {
    it: 'a second "not found" is final, whatever the grace',
    seen: seen(
      [pulling('ImagePullBackOff', backOffText)],
      [event(['Failed', notFound], 4, { count: 2, lastTimestamp: at(16) })],
    ),
    at: 17,
    says: 'failed ImagePull',
    policy: { imageGraceSeconds: 500 },
  },
  {
    it: 'a "not found" without a second event is final after the image grace',
    seen: seen([pulling('ImagePullBackOff', backOffText)], [event(['Failed', notFound], 4)]),
    at: 20,
    says: 'failed ImagePull',
  },
  {
    it: 'a back-off that carries the cause needs no event (Kubernetes 1.31)',
    seen: seen([pulling('ImagePullBackOff', `${backOffText}: ErrImagePull: ${notFound}`)]),
    at: 18,
    says: 'failed ImagePull',
    more: { retryable: false },
  },
  ...[
    'unauthorized: authentication required',
    'pull access denied, repository does not exist',
    'no match for platform in manifest',
  ].map((cause): Case => ({
    it: `"${cause}" is the registry's no`,
    seen: seen([pulling('ErrImagePull', `rpc error: code = Unknown desc = ${cause}`)]),
    at: 20,
    says: 'failed ImagePull',
    more: { retryable: false },
  })),
  ...[
    'dial tcp 192.0.2.1:443: i/o timeout',
    'toomanyrequests: You have reached your pull rate limit',
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    'pull QPS exceeded',
  ].map((cause): Case => ({
    it: `"${cause.slice(0, 40)}" is no answer and may pass`,
    seen: seen([pulling('ErrImagePull', `rpc error: code = Unknown desc = ${cause}`)]),
    at: 60,
    says: 'starting ImagePull',
    more: { retryable: true },
  })),
  {
    it: 'a 503 that mentions "not found" is no answer',
    seen: seen([pulling('ErrImagePull', `${gateway}: page not found`)], [event(['Failed', gateway], 4, { count: 5 })]),
    at: 100,
    says: 'starting ImagePull',
  },
  {
    it: 'a registry that stays silent is given up after the registry grace',
    seen: seen(
      [pulling('ImagePullBackOff', backOffText)],
      [event(['Failed', gateway], 4, { count: 9, lastTimestamp: at(290) })],
    ),
    at: 305,
    says: 'failed ImagePull',
    more: { retryable: true },
  },
  {
    it: 'an image that is called "denied" is not refused by its name',
    seen: seen([
      pulling('ErrImagePull', 'failed to pull "registry.example/denied/not found:1": read: connection reset by peer'),
    ]),
    at: 60,
    says: 'starting ImagePull',
    more: { retryable: true },
  },
  {
    it: 'a back-off without any cause waits like a silent registry',
    seen: seen([pulling('ImagePullBackOff', backOffText)]),
    at: 60,
    says: 'starting ImagePull',
    more: { retryable: true },
  },
  {
    it: 'events of types that do not count are no evidence',
    seen: seen([pulling('ImagePullBackOff', backOffText)], [event(['Failed', notFound], 4, { count: 4 })]),
    at: 60,
    says: 'starting ImagePull',
    policy: { eventTypesToFail: [] },
  },
  {
    it: 'an image that is being pulled is progress',
    seen: seen([pod([creating()])], [normal(['Pulling', `Pulling image ${IMAGE}`], 3)]),
    at: 200,
    says: 'starting -',
    more: { step: 'pulling', retryable: true },
  },
  {
    it: 'a pull longer than the start timeout is given up',
    seen: seen([pod([creating()])], [normal(['Pulling', `Pulling image ${IMAGE}`], 3)]),
    at: 601,
    says: 'failed StartTimeout',
    more: { retryable: true, step: 'pulling' },
  },
  {
    it: 'a sidecar without image makes the start hopeless: the pod never gets ready',
    seen: seen([
      pod([container(running(5), { ready: true }), container(waiting('InvalidImageName'), { name: 'proxy' })]),
    ]),
    at: 8,
    says: 'failed ImagePull',
    more: { container: 'proxy' },
  },
  {
    it: 'a sidecar that loses its image later does not end a running service',
    seen: seen([
      pod([container(running(5), { ready: true }), container(waiting('InvalidImageName'), { name: 'proxy' })], {
        phase: 'Running',
        conditions: ready(900, 'False'),
      }),
    ]),
    at: 1000,
    says: 'running -',
  },
  {
    it: 'the image of an init container counts like any other',
    seen: seen([
      pod([container(waiting('PodInitializing'))], {
        init: [container(waiting('InvalidImageName'), { name: 'home' })],
      }),
    ]),
    at: 4,
    says: 'failed ImagePull',
    more: { container: 'home', step: 'pulling' },
  },
  {
    it: 'the grace of an image that vanished later counts from the end of the last run',
    seen: seen(
      [pod([container(waiting('ErrImagePull', 'not found'), { restartCount: 1, lastState: ended(1, [50, 5000]) })])],
      [],
      {
        start: { beganAt: at(0), readyAt: at(60) },
      },
    ),
    at: 5010,
    says: 'starting ImagePull',
  },
  {
    it: 'a crash before is told once the image came',
    seen: seen([pod([backOff(ended(1, [10, 12]), 0)])], [event(['Failed', notFound], 4, { count: 3 })]),
    at: 20,
    says: 'starting Exited',
  },
];
