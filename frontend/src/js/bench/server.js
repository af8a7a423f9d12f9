const UNREACHABLE = 'Server tidak dapat dihubungi. Pekerjaan Anda tetap di layar ini; periksa sambungan, lalu coba lagi.';
const UNREADABLE = 'Jawaban server tidak dapat dibaca. Pekerjaan Anda tetap di layar ini; coba lagi sebentar lagi.';
const SESSION_ENDED = 'Sesi Anda berakhir; masuk di tab lain, lalu simpan lagi.';

/**
 * The JSON contract of app/web/bench_editor.py.
 *
 * post(address, body), get(address) -> {status, data, headers}; status 0 where nobody answered; data.problem is always a sentence where
 * status is not 200. A sign-in in another tab makes this page's token stale: a refusal is tried once more with the page's new token.
 */
export function makeServer(stage) {
  let token = stage.dataset.csrf;

  async function post(address, body) {
    const first = await send(address, body, token);
    if (![400, 401].includes(first.status)) return first;
    const fresh = await readToken(stage.id);
    if (!fresh || fresh === token) return first;
    token = fresh;
    return send(address, body, token);
  }

  return { post, get: address => ask(address, {}) };
}

function send(address, body, token) {
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
  return ask(address, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask(address, options) {
  const headers = { ...options.headers, Accept: 'application/json' };
  try {
    const response = await fetch(address, { credentials: 'same-origin', ...options, headers });
    return { status: response.status, data: await read(response), headers: response.headers };
  } catch {
    return { status: 0, data: { problem: UNREACHABLE } };
  }
}

async function read(response) {
  if (response.status === 401) return { problem: SESSION_ENDED };
  try {
    const isJson = response.headers.get('Content-Type')?.includes('json');
    const data = isJson ? await response.json() : { text: await response.text() };
    return response.ok || data.problem ? data : { problem: UNREADABLE };
  } catch {
    return { problem: UNREADABLE };
  }
}

async function readToken(id) {
  try {
    const response = await fetch(location.pathname, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    return page.getElementById(id)?.dataset.csrf;
  } catch {
    return undefined;
  }
}
