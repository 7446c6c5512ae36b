// OpenFaaS: its gateway, what calls functions on time, and which edition it is. Pure.
import type { Facts } from '../facts';
import { fail, hidden, ok, valueOf, warn, type Finding } from '../finding';

const INSTALL = 'https://docs.openfaas.com/deployment/kubernetes/';

export function gateway({ openfaas: seen }: Facts): Finding {
  const check = 'OpenFaaS';
  if (seen.outcome === 'forbidden') return hidden(check, 'namespace openfaas');
  const found = (valueOf(seen) ?? []).find(({ name }) => name === 'gateway');
  if (found === undefined)
    return fail(check, 'there is no gateway in namespace openfaas', `install OpenFaaS: ${INSTALL}`);
  if (!found.isAvailable) {
    return fail(check, 'its gateway is not available', 'kubectl -n openfaas describe deployment gateway');
  }
  // Images of the editions that are paid for come from a place of their own.
  if (found.image.includes('/openfaasltd/'))
    return ok(check, `${found.image}: scales to zero, an account for each function`);
  return warn(
    check,
    `${found.image} is of the Community Edition: nothing scales to zero, and all functions share one service account`,
    'docs/openfaas.md says what that means, and which rights to bind to the account',
  );
}

export function timers({ openfaas: seen }: Facts): Finding {
  const check = 'timers';
  if (seen.outcome === 'forbidden') return hidden(check, 'namespace openfaas');
  const found = (valueOf(seen) ?? []).find(({ name }) => name.includes('cron-connector'));
  if (found?.isAvailable === true) return ok(check, found.name);
  return fail(
    check,
    'no cron-connector runs in namespace openfaas: no sweep would ever come',
    'install the chart cron-connector of OpenFaaS beside it',
  );
}

/** OpenFaaS makes it; what functions start lives elsewhere. */
export function functions({ functionsNamespace: name, functionsLabels: seen, namespace }: Facts): Finding {
  const check = 'functions';
  if (name === namespace) {
    return warn(
      check,
      `they and what they start are both in ${name}: users' pods would have an account with the rights of all functions`,
      'give what they start a namespace of its own by --namespace: docs/openfaas.md, "Rights"',
    );
  }
  if (seen.outcome === 'forbidden') return hidden(check, `namespace ${name}`);
  if (seen.outcome === 'found') return ok(check, `in namespace ${name}`);
  return fail(
    check,
    `namespace ${name}, where OpenFaaS keeps functions and their Secrets, does not exist`,
    `the installation of OpenFaaS makes it: ${INSTALL}; another one is named by --functions-namespace`,
  );
}
