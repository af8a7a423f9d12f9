/**
 * The words of the libraries, in Indonesian. The terms are those of docs/drawings.md: gerbang, kejadian, lane, pool, panah, langkah.
 *
 * Also what is never shown: the libraries translate the names of what offered.js and panel/groups.js then leave out. translate.js keeps
 * account of every key that is missing here.
 */
const CANVAS = {
  'Search in diagram': 'Cari dalam diagram',
  'Open minimap': 'Peta kecil',
  'Close minimap': 'Tutup peta kecil',
  'Open {element}': 'Buka {element}',
  'Toggle linting overlays': 'Tampilkan atau sembunyikan tanda catatan',
  'No Issues': 'Tidak ada catatan',
  '{errors} Errors, {warnings} Warnings': '{errors} kesalahan, {warnings} peringatan',
  'Issues for child elements': 'Untuk bagian di dalamnya',
  'flow elements must be children of pools/participants': 'Letakkan langkah di dalam pool.',
  'Data object must be placed within a pool/participant.': 'Letakkan dokumen di dalam pool.',
};

const PALETTE = {
  'Activate hand tool': 'Geser gambar dengan tetikus',
  'Activate lasso tool': 'Pilih beberapa dengan kotak',
  'Activate create/remove space tool': 'Tambah atau kurangi ruang',
  'Activate global connect tool': 'Sambungkan dua unsur',
  'Create start event': 'Buat kejadian mulai',
  'Create intermediate/boundary event': 'Buat kejadian antara',
  'Create end event': 'Buat kejadian selesai',
  'Create gateway': 'Buat gerbang',
  'Create task': 'Buat tugas',
  'Create data object reference': 'Buat dokumen',
  'Create data store reference': 'Buat simpanan data',
  'Create expanded sub-process': 'Buat subproses',
  'Create pool/participant': 'Buat pool',
  'Create group': 'Buat kotak kelompok',
};

const PAD = {
  'Delete': 'Hapus',
  'Add lane above': 'Tambahkan lane di atas',
  'Add lane below': 'Tambahkan lane di bawah',
  'Divide into two lanes': 'Bagi menjadi dua lane',
  'Divide into three lanes': 'Bagi menjadi tiga lane',
  'Append receive task': 'Tambahkan tugas terima sesudah ini',
  'Append message intermediate catch event': 'Tambahkan kejadian pesan sesudah ini',
  'Append timer intermediate catch event': 'Tambahkan kejadian waktu sesudah ini',
  'Append conditional intermediate catch event': 'Tambahkan kejadian bersyarat sesudah ini',
  'Append signal intermediate catch event': 'Tambahkan kejadian sinyal sesudah ini',
  'Append compensation activity': 'Tambahkan kegiatan kompensasi',
  'Append end event': 'Tambahkan kejadian selesai sesudah ini',
  'Append gateway': 'Tambahkan gerbang sesudah ini',
  'Append task': 'Tambahkan tugas sesudah ini',
  'Append intermediate/boundary event': 'Tambahkan kejadian antara sesudah ini',
  'Add text annotation': 'Tambahkan catatan',
  'Change element': 'Ganti jenis',
  'Connect to other element': 'Sambungkan ke unsur lain',
  'Connect using association': 'Sambungkan catatan',
  'Connect using data input association': 'Sambungkan dokumen',
  'Align elements': 'Ratakan',
  'Align elements left': 'Ratakan kiri',
  'Align elements right': 'Ratakan kanan',
  'Align elements center': 'Ratakan tengah mendatar',
  'Align elements top': 'Ratakan atas',
  'Align elements bottom': 'Ratakan bawah',
  'Align elements middle': 'Ratakan tengah tegak',
  'Distribute elements horizontally': 'Sebar mendatar',
  'Distribute elements vertically': 'Sebar tegak',
};

const TRIGGERS = {
  Message: 'pesan', Timer: 'waktu', Conditional: 'bersyarat', Signal: 'sinyal', Error: 'galat', Escalation: 'eskalasi',
  Compensation: 'kompensasi', Link: 'tautan', Cancel: 'batal', Terminate: 'akhir paksa', Multiple: 'banyak pemicu',
};
const PLACES = {
  'start event': 'mulai', 'intermediate catch event': 'antara (menunggu)', 'intermediate throw event': 'antara (mengirim)',
  'boundary event': 'tepi', 'end event': 'selesai',
};

/** "Timer boundary event (non-interrupting)" and its kin, in the two spellings of the menu and the panel's head. */
function eventWords() {
  const words = {};
  for (const [trigger, ours] of Object.entries(TRIGGERS)) {
    for (const [place, where] of Object.entries(PLACES)) {
      words[`${trigger} ${place}`] = `Kejadian ${where}: ${ours}`;
      words[`${trigger} ${place} (non-interrupting)`] = `Kejadian ${where}: ${ours}, tugas jalan terus`;
      words[`${trigger} ${titled(place)}`] = words[`${trigger} ${place}`];
      words[`${trigger} ${titled(place)} (Non Interrupting)`] = words[`${trigger} ${place} (non-interrupting)`];
    }
  }
  return words;
}

const titled = words => words.replace(/\b\w/g, letter => letter.toUpperCase());

const KINDS = {
  'Task': 'Tugas biasa', 'User task': 'Tugas pengguna', 'Service task': 'Tugas layanan', 'Send task': 'Tugas kirim',
  'Receive task': 'Tugas terima', 'Manual task': 'Tugas manual', 'Business rule task': 'Tugas aturan', 'Script task': 'Tugas skrip',
  'Call activity': 'Panggilan proses', 'Transaction': 'Transaksi', 'Event sub-process': 'Subproses kejadian',
  'Sub-process': 'Subproses', 'Sub-process (collapsed)': 'Subproses tertutup', 'Sub-process (expanded)': 'Subproses',
  'Ad-hoc sub-process': 'Subproses ad-hoc', 'Ad-hoc sub-process (collapsed)': 'Subproses ad-hoc tertutup',
  'Ad-hoc sub-process (expanded)': 'Subproses ad-hoc', 'Exclusive gateway': 'Gerbang pilihan', 'Parallel gateway': 'Gerbang paralel',
  'Inclusive gateway': 'Gerbang inklusif', 'Complex gateway': 'Gerbang kompleks', 'Event-based gateway': 'Gerbang berdasar kejadian',
  'Data store reference': 'Simpanan data', 'Data object reference': 'Dokumen', 'Expanded pool/participant': 'Pool terbuka',
  'Empty pool/participant': 'Pool kosong', 'Empty pool/participant (removes content)': 'Pool kosong (isinya terhapus)',
  'Start event': 'Kejadian mulai', 'Intermediate throw event': 'Kejadian antara', 'Boundary event': 'Kejadian tepi', 'End event': 'Kejadian selesai',
  'Sequence flow': 'Panah biasa', 'Default flow': 'Jalur bawaan', 'Conditional flow': 'Panah bersyarat',
  'Parallel multi-instance': 'Setiap OPD, serentak', 'Sequential multi-instance': 'Berulang, berurutan', 'Loop': 'Berulang',
  'Collection': 'Daftar OPD', 'Participant multiplicity': 'Banyak pihak', 'Toggle non-interrupting': 'Tugas jalan terus saat waktunya tiba',
};

/** The head of the panel: the names of types as the library spells them there. */
const TYPES = {
  'Collaboration': 'Seluruh diagram', 'Process': 'Proses', 'Participant': 'Pool', 'Pool': 'Pool', 'Lane': 'Lane', 'Group': 'Kotak kelompok',
  'User Task': 'Tugas pengguna', 'Service Task': 'Tugas layanan', 'Send Task': 'Tugas kirim', 'Receive Task': 'Tugas terima',
  'Manual Task': 'Tugas manual', 'Business Rule Task': 'Tugas aturan', 'Script Task': 'Tugas skrip', 'Call Activity': 'Panggilan proses',
  'Sub Process': 'Subproses', 'Expanded Sub Process': 'Subproses', 'Collapsed Sub Process': 'Subproses tertutup', 'Event Sub Process': 'Subproses kejadian',
  'Ad Hoc Sub Process': 'Subproses ad-hoc', 'Exclusive Gateway': 'Gerbang pilihan', 'Parallel Gateway': 'Gerbang paralel',
  'Inclusive Gateway': 'Gerbang inklusif', 'Complex Gateway': 'Gerbang kompleks', 'Event Based Gateway': 'Gerbang berdasar kejadian',
  'Start Event': 'Kejadian mulai', 'End Event': 'Kejadian selesai', 'Intermediate Throw Event': 'Kejadian antara',
  'Intermediate Catch Event': 'Kejadian antara (menunggu)', 'Boundary Event': 'Kejadian tepi', 'Sequence Flow': 'Panah', 'Default Flow': 'Jalur bawaan',
  'Conditional Flow': 'Panah bersyarat', 'Message Flow': 'Panah pesan', 'Association': 'Garis catatan', 'Text Annotation': 'Catatan',
  'Data Object Reference': 'Dokumen', 'Data Store Reference': 'Simpanan data', 'Data Input Association': 'Garis dokumen',
  'Data Output Association': 'Garis dokumen', 'Label': 'Nama',
};

const PANEL = {
  'Select an element to edit its properties.': 'Pilih satu unsur pada gambar untuk mengisi datanya.',
  'Multiple elements are selected. Select a single element to edit its properties.': 'Beberapa unsur dipilih. Pilih satu saja untuk mengisi datanya.',
  'Toggle section': 'Buka atau tutup bagian', 'Section contains edits': 'Bagian ini terisi', 'Section contains an error': 'Bagian ini memuat kesalahan',
  'General': 'Umum', 'Name': 'Nama', 'ID': 'Id', 'Participant Name': 'Nama pool', 'Participant ID': 'Id pool', 'Process ID': 'Id proses (kunci SOP)',
  'Process name': 'Nama proses', 'Executable': 'Dapat dijalankan', 'Version tag': 'Tanda versi', 'Due date': 'Batas waktu',
  'The due date as an EL expression (e.g. ${someDate}) or an ISO date (e.g. 2015-06-26T09:54:00).':
    'Isian formulir yang memuatnya, misalnya ${batas_waktu_opd}, atau tanggal, misalnya 2026-03-12. Tanpa ini, norma waktu SOP yang dipakai.',
  'Element variable': 'Nama untuk satu OPD', 'Element documentation': 'Keterangan untuk pembaca diagram', 'Process documentation': 'Keterangan proses',
  'Documentation': 'Keterangan diagram', 'This maps to the process definition key.': 'Versi-versi satu SOP memakai id yang sama.',
  'ID must not be empty.': 'Id tidak boleh kosong.', 'ID must be unique.': 'Id sudah dipakai unsur lain.',
  'ID must not contain spaces.': 'Id tidak boleh memuat spasi.', 'ID must not contain prefix.': 'Id tidak boleh memuat titik dua.',
  'Global message reference': 'Pesan', 'Global error reference': 'Galat', 'Global escalation reference': 'Eskalasi', 'Code': 'Kode',
  'Create new ...': 'Buat baru …', '<none>': '(tidak disebut)',
  'ID must be a valid QName.': 'Id memakai huruf, angka, garis bawah, atau tanda hubung, diawali huruf.',
};

/** Groups of the library that panel/groups.js leaves out. */
const LEFT_OUT = {
  'Compensation': 'Kompensasi', 'Error': 'Galat', 'Link': 'Tautan', 'Message': 'Pesan', 'Multi-instance': 'Berulang', 'Completion': 'Penyelesaian',
  'Signal': 'Sinyal', 'Escalation': 'Eskalasi', 'Timer': 'Waktu', 'History cleanup': 'Pembersihan riwayat', 'Tasklist': 'Daftar tugas',
  'Candidate starter': 'Pemulai', 'Implementation': 'Pelaksanaan teknis', 'External task': 'Tugas luar', 'Errors': 'Galat',
  'User assignment': 'Penugasan', 'Forms': 'Formulir', 'Form fields': 'Isian formulir', 'Task listeners': 'Pendengar tugas',
  'Start initiator': 'Pemulai', 'Script': 'Skrip', 'Condition': 'Syarat', 'Called element': 'Proses yang dipanggil',
  'Asynchronous continuations': 'Kelanjutan tidak serentak', 'Job execution': 'Pekerjaan mesin', 'In mapping propagation': 'Terusan masuk',
  'In mappings': 'Pemetaan masuk', 'Inputs': 'Masukan', 'Connector inputs': 'Masukan penghubung', 'Out mapping propagation': 'Terusan keluar',
  'Out mappings': 'Pemetaan keluar', 'Outputs': 'Keluaran', 'Connector outputs': 'Keluaran penghubung', 'Execution listeners': 'Pendengar proses',
  'Extension properties': 'Properti tambahan', 'Field injections': 'Isian kode', 'Business key': 'Kunci urusan', 'Process variables': 'Variabel proses',
};

export const WORDS = { ...eventWords(), ...CANVAS, ...PALETTE, ...PAD, ...KINDS, ...TYPES, ...PANEL, ...LEFT_OUT };
