/**
 * What analysts fill in here: the properties of docs/drawings.md with their labels. kind: line, text, yes, choice, groups, step.
 * Data only; entries.js makes fields of them, groups.js says which element has which.
 */
const ITEMS = 'Butir dipisah titik koma dan spasi.';
const DAY = { pattern: /^(?:\d{4}-\d{2}-\d{2}|-)$/, problem: 'Tulis tahun-bulan-tanggal, misalnya 2026-03-12, atau tanda hubung bila tidak ada.' };
const day = (name, label) => ({ name, label, kind: 'line', ...DAY });

export const ORIGIN = {
  name: 'asal', label: 'Asal', kind: 'choice', help: 'Dari mana langkah ini: gambar SOP, teks SOP, atau usulan kita.',
  options: [['', '(tidak disebut)'], ['gambar', 'gambar SOP'], ['teks', 'teks SOP'], ['usulan', 'usulan']],
};

export const ROW = { name: 'baris', label: 'Baris', kind: 'line', help: 'Nomor baris pada tabel SOP, misalnya 4.' };

export const STEP = [
  ROW,
  { name: 'uraian', label: 'Uraian', kind: 'text', help: 'Kata-kata SOP sendiri; dicetak pada lembar SOP.' },
  { name: 'penjelasan', label: 'Yang perlu Anda lakukan', kind: 'text', help: 'Penjelasan singkat bagi pelaksana; tampil di halaman tugas.' },
  { name: 'kelengkapan', label: 'Kelengkapan', kind: 'text', help: ITEMS },
  { name: 'waktu', label: 'Waktu', kind: 'norm', help: 'Angka, misalnya 60; satuannya di bawah.' },
  {
    name: 'satuan', label: 'Satuan waktu', kind: 'unit',
    options: [['', '(belum dipilih)'], ['menit-kerja', 'menit kerja'], ['hari-kerja', 'hari kerja']],
  },
  { name: 'keluaran', label: 'Keluaran', kind: 'text', help: ITEMS },
  { name: 'keterangan', label: 'Keterangan', kind: 'text' },
  ORIGIN,
];

export const RECORDERS = { name: 'pencatat', label: 'Pencatat', kind: 'groups', help: 'Kelompok yang boleh mencatat keputusan dari naskah fisik.' };

export const ADDRESSEES = { name: 'penerima', label: 'Ditujukan kepada', kind: 'groups', help: 'Kelompok yang diberi tahu; tampil di Tugas Saya mereka.' };

export const COLLECTING = [
  { name: 'penerima', label: 'Penerima', kind: 'groups', help: 'Kelompok yang menerima kiriman OPD; tanpa itu, mengirim sudah cukup.' },
  { name: 'terima_sampai', label: 'Terima sampai', kind: 'step', help: 'Langkah yang mengakhiri kiriman terlambat.' },
  { name: 'register', label: 'Register', kind: 'line', help: 'Jenis dokumen: kolom pada Register Dokumen OPD. Beberapa jenis dipisah titik koma.' },
  { name: 'register_urutan', label: 'Urutan kolom register', kind: 'line', help: 'Angka; kolom berurutan menurut angka ini.' },
  { name: 'register_menurut', label: 'Pembeda jenis', kind: 'line', help: 'Bila jenisnya beberapa: tabel.kolom pada formulir yang menyebut jenisnya, misalnya daftar.jenis.' },
];

export const LANE = [
  { name: 'grup', label: 'Kelompok pelaksana', kind: 'groups', help: 'Hak mengikuti kelompok ini; nama lane bebas diubah.' },
  { name: 'eksternal', label: 'Eksternal: tidak ada yang masuk aplikasi', kind: 'yes' },
];

export const IDENTITY = [
  { name: 'kode', label: 'Kode', kind: 'line', help: 'Misalnya 02.' },
  { name: 'singkatan', label: 'Singkatan', kind: 'line', help: 'Menjadi nama pelaksanaan.' },
  { name: 'nomor', label: 'Nomor SOP', kind: 'line' },
  { name: 'judul', label: 'Judul', kind: 'text' },
  { name: 'instansi', label: 'Instansi', kind: 'text' },
  day('tanggal_pembuatan', 'Tanggal pembuatan'),
  day('tanggal_revisi', 'Tanggal revisi'),
  day('tanggal_pengesahan', 'Tanggal pengesahan'),
  day('tanggal_efektif', 'Tanggal efektif'),
  { name: 'disahkan_jabatan', label: 'Disahkan oleh: jabatan', kind: 'line' },
  { name: 'disahkan_nama', label: 'Disahkan oleh: nama', kind: 'line' },
  { name: 'disahkan_pangkat', label: 'Disahkan oleh: pangkat', kind: 'line' },
  { name: 'disahkan_nip', label: 'Disahkan oleh: NIP', kind: 'line' },
  { name: 'dasar_hukum', label: 'Dasar hukum', kind: 'text', help: ITEMS },
  { name: 'kualifikasi', label: 'Kualifikasi pelaksana', kind: 'text', help: ITEMS },
  { name: 'keterkaitan', label: 'Keterkaitan', kind: 'text', help: ITEMS },
  { name: 'peralatan', label: 'Peralatan', kind: 'text', help: ITEMS },
  { name: 'peringatan', label: 'Peringatan', kind: 'text' },
  { name: 'pencatatan', label: 'Pencatatan dan pendataan', kind: 'text', help: ITEMS },
  { name: 'pemberitahuan', label: 'Pemberitahuan di samping teks tercetak', kind: 'text', help: ITEMS },
];

export const KNOWN = new Set([...STEP, RECORDERS, ...COLLECTING, ...LANE, ...IDENTITY].map(fact => fact.name));
