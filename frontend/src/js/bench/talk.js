/**
 * Talking to the server from an editor: JSON out, JSON in, one sentence for whatever goes wrong. Nothing on the screen is lost by it.
 *
 * Gives {ok, status, told}: told has `problem` where it was refused, and what docs/pages.md says besides.
 */
const ENDED = 'Sesi Anda berakhir. Masuk kembali di tab lain, lalu simpan lagi; pekerjaan Anda tetap di layar ini.';
const OFFLINE = 'Sambungan terputus. Pekerjaan Anda tetap di layar ini; coba simpan lagi sebentar lagi.';
const BROKEN = 'Server sedang bermasalah. Pekerjaan Anda tetap di layar ini; coba simpan lagi sebentar lagi.';

export function talkingFrom(root) {
  let csrf = root.dataset.csrf;

  async function send(address, body) {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': csrf };
    return fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** After another sign-in the page's token is that of a session that ended: take a new one from this very page. */
  async function renewToken() {
    const page = await fetch(window.location.href, { headers: { Accept: 'text/html' } });
    const found = new DOMParser().parseFromString(await page.text(), 'text/html').getElementById(root.id)?.dataset.csrf;
    if (found) csrf = found;
    return Boolean(found);
  }

  return async function ask(address, body) {
    try {
      let answer = await send(address, body);
      if (answer.status === 400 && !isJson(answer)) answer = (await renewToken()) ? await send(address, body) : answer;
      if (answer.status === 401 && (await renewToken())) answer = await send(address, body);
      const told = isJson(answer) ? await answer.json() : { problem: BROKEN };
      if (answer.status === 401) told.problem = ENDED;
      return { ok: answer.ok, status: answer.status, told };
    } catch {
      return { ok: false, status: 0, told: { problem: OFFLINE } };
    }
  };
}

function isJson(answer) {
  return (answer.headers.get('Content-Type') ?? '').includes('json');
}

/** The saved thing and the revision that a save must name. Raises with a sentence. */
export async function load(address) {
  const answer = await fetch(address, { headers: { Accept: '*/*' } });
  if (!answer.ok) throw new Error('Rancangan ini tidak dapat dimuat. Muat ulang halaman.');
  return { text: await answer.text(), revision: Number(answer.headers.get('X-Revision')) };
}

/** Ask before leaving while `isDirty()`. */
export function guardLeaving(isDirty) {
  window.addEventListener('beforeunload', event => {
    if (isDirty()) event.preventDefault();
  });
}
