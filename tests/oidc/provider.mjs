// Two providers for the tests: whoever comes is signed in as the person that the test named last.
//   node provider.mjs REDIRECT_URI   (with ISSUER in the place of the provider's short name)
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const redirect = process.argv[2];
let person = { sub: 'nobody', groups: [] };

async function started(id) {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'minemap', client_secret: `secret of ${id}`, redirect_uris: [redirect.replace('ISSUER', id)], grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups', 'amr'] },
    scopes: ['openid', 'profile', 'groups'],
    conformIdTokenClaims: false,
    pkce: { required: () => true, methods: ['S256'] },
    cookies: { keys: ['tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...person, sub }) }),
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === '/next') {
      person = JSON.parse(url.searchParams.get('person'));
      return response.end();
    }
    if (!url.pathname.startsWith('/interaction/')) return answer(request, response);
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: person.sub, amr: person.amr } });
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope('openid profile groups');
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  });
  return issuer;
}

console.log(`ready ${await started('one')} ${await started('two')}`);
