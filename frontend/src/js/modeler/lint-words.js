/** What bpmnlint says, for analysts here. A rule without a sentence is told by its name. */
const SENTENCES = {
  'ad-hoc-sub-process': 'Subproses ad-hoc tidak dijalankan di sini.',
  'conditional-event': 'Kejadian bersyarat tidak dijalankan di sini.',
  'conditional-flows': 'Jalur ini belum mempunyai syarat; isi syaratnya atau jadikan jalur bawaan.',
  'end-event-required': 'Belum ada kejadian selesai.',
  'event-based-gateway': 'Gerbang ini harus diikuti sedikitnya dua kejadian yang menunggu.',
  'event-sub-process-typed-start-event': 'Subproses kejadian tidak dijalankan di sini.',
  'global': 'Unsur bersama tidak bernama, tidak dipakai, atau namanya ganda.',
  'label-required': 'Belum bernama.',
  'link-event': 'Kejadian tautan tidak dijalankan di sini.',
  'no-bpmndi': 'Belum tergambar; pakai “Rapikan gambar”.',
  'no-complex-gateway': 'Gerbang kompleks tidak dijalankan di sini.',
  'no-disconnected': 'Belum tersambung dengan panah.',
  'no-duplicate-sequence-flows': 'Dua panah menghubungkan pasangan unsur yang sama.',
  'no-gateway-join-fork': 'Gerbang ini menggabung sekaligus membagi; pakai dua gerbang.',
  'no-implicit-end': 'Tidak mempunyai panah keluar.',
  'no-implicit-split': 'Lebih dari satu panah keluar; pakai gerbang.',
  'no-implicit-start': 'Tidak mempunyai panah masuk.',
  'no-overlapping-elements': 'Bertumpuk dengan unsur lain, atau keluar dari wadahnya.',
  'single-blank-start-event': 'Lebih dari satu kejadian mulai.',
  'single-event-definition': 'Satu kejadian memuat lebih dari satu pemicu.',
  'start-event-required': 'Belum ada kejadian mulai.',
  'sub-process-blank-start-event': 'Kejadian mulai dalam subproses harus tanpa pemicu.',
  'superfluous-gateway': 'Gerbang ini hanya mempunyai satu panah masuk dan satu panah keluar; hapus atau lengkapi.',
  'superfluous-termination': 'Akhir paksa tidak diperlukan di sini; pakai kejadian selesai biasa.',
};

export const sentenceFor = rule => SENTENCES[rule.replace(/^bpmnlint\//, '')] ?? rule;

/** Rules of app/definitions/rules.py that say the same as a rule of bpmnlint about the same element. */
export const SAME_FACT = {
  'conditional-flows': ['syarat'],
  'label-required': ['nama', 'pertanyaan'],
  'no-complex-gateway': ['elemen'],
  'no-disconnected': ['terhubung'],
  'no-duplicate-sequence-flows': ['panah-ganda'],
  'no-implicit-end': ['terhubung'],
  'no-implicit-split': ['panah-keluar'],
  'no-implicit-start': ['terhubung'],
  'single-blank-start-event': ['mulai'],
  'start-event-required': ['mulai'],
};

/** One of bpmnlint's own says less than another about the same element. */
export const SAID_BY = { 'no-implicit-end': 'no-disconnected', 'no-implicit-start': 'no-disconnected' };
