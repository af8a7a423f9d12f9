import { readFile } from 'node:fs/promises';

/**
 * esbuild plugin: form-js has its words in its code and no way to translate them, so they are replaced while bundling.
 * A word that the library no longer has stops the build: then its new word wants a translation.
 */
const COMPONENTS = {
  'Text field': 'Teks satu baris', 'Text area': 'Teks panjang', Number: 'Angka', 'Date time': 'Tanggal dan waktu', Expression: 'Hasil hitungan',
  Checkbox: 'Kotak centang', 'Checkbox group': 'Daftar centang', 'Radio group': 'Pilihan tunggal', Select: 'Daftar pilihan', 'Tag list': 'Daftar label',
  Value: 'Pilihan 1', 'Text view': 'Blok teks', 'HTML view': 'Blok HTML', Separator: 'Garis pemisah', Spacer: 'Jarak', Group: 'Kelompok', 'Dynamic list': 'Tabel isian',
  'File picker': 'Berkas', Button: 'Tombol', Table: 'Tabel', 'Image view': 'Gambar', 'Document preview': 'Pratinjau dokumen',
}; // prettier-ignore

const FORM = {
  Browse: 'Pilih berkas', 'No files selected': 'Belum ada berkas', 'Add new': 'Tambah baris', 'Remove tag': 'Hapus label', 'No results': 'Tidak ada',
  'All values selected': 'Semua sudah dipilih', 'No content to show.': 'Tidak ada isi.',
}; // prettier-ignore

const EDITOR = {
  Expression: 'Ungkapan', '<none>': '<tidak ada>', '<empty>': '<kosong>',
  Components: 'Komponen', 'Search components': 'Cari komponen', 'Clear content': 'Kosongkan', 'No components found.': 'Tidak ada komponen.',
  'Build your form': 'Susun formulir', 'Drag and drop components here to start designing.': 'Seret komponen ke sini untuk mulai menyusun.',
  'Drag and drop components here.': 'Seret komponen ke sini.', 'Use the preview window to test your form.': 'Lihat hasilnya di sebelah kanan.',
  Input: 'Isian', Selection: 'Pilihan', Presentation: 'Tampilan', Containers: 'Wadah', 'Remove form field': 'Hapus isian',
  'Text view is empty': 'Blok teks kosong', 'Html view is empty': 'Blok HTML kosong', 'Text view is templated': 'Blok teks memakai templat',
  'Html view is templated': 'Blok HTML memakai templat', 'Text view is populated by an expression': 'Blok teks diisi ungkapan',
  'Html view is populated by an expression': 'Blok HTML diisi ungkapan', 'Expression is empty': 'Ungkapan kosong',
  'Column 1': 'Kolom 1', 'Column 2': 'Kolom 2', 'Column 3': 'Kolom 3', General: 'Umum', Condition: 'Syarat', Layout: 'Tata letak',
  Appearance: 'Imbuhan', Validation: 'Aturan isian', Serialization: 'Penyimpanan', Constraints: 'Batasan', 'Custom properties': 'Properti khusus',
  'Static options': 'Pilihan tetap', 'Options source': 'Sumber pilihan', 'Dynamic options': 'Pilihan dari aplikasi',
  'Options expression': 'Ungkapan pilihan', 'Input values key': 'Kunci sumber', 'Field label': 'Label', 'Group label': 'Label kelompok',
  'Field description': 'Keterangan', 'Date label': 'Label tanggal', 'Time label': 'Label waktu', Key: 'Kunci', Path: 'Kunci tabel', Label: 'Label',
  Value: 'Nilai', Title: 'Judul', Type: 'Jenis', Subtype: 'Bentuk', Text: 'Teks', Content: 'Isi', Form: 'Formulir', Date: 'Tanggal', Time: 'Waktu',
  'Default value': 'Nilai awal', Checked: 'Dicentang', 'Not checked': 'Tidak dicentang', Prefix: 'Awalan', Suffix: 'Akhiran', Disabled: 'Nonaktif',
  'Read only': 'Hanya tampil', Required: 'Wajib diisi', Minimum: 'Paling kecil', Maximum: 'Paling besar', 'Minimum length': 'Huruf paling sedikit',
  'Maximum length': 'Huruf paling banyak', 'Validation pattern': 'Pola', Custom: 'Khusus', Email: 'Surel', Phone: 'Telepon',
  'Custom regular expression': 'Pola sendiri', 'Custom error message': 'Kalimat bila tidak cocok', 'Decimal digits': 'Angka di belakang koma',
  Increment: 'Kelipatan', 'Output as string': 'Simpan sebagai teks', 'Allows arbitrary precision values': 'Untuk angka yang sangat panjang',
  'Use 24h': 'Pakai 24 jam', 'Time interval': 'Selang waktu', 'Time format': 'Bentuk waktu', 'Disallow past dates': 'Tolak tanggal lampau',
  Searchable: 'Dapat dicari', 'Hide if': 'Sembunyikan bila', 'Deactivate if': 'Nonaktifkan bila',
  'Condition under which the field is hidden': 'Syarat yang menyembunyikan isian ini',
  'Condition under which the field is deactivated': 'Syarat yang menonaktifkan isian ini', Columns: 'Lebar', Auto: 'Otomatis', Column: 'Kolom',
  'Vertical alignment': 'Letak tegak', Top: 'Atas', Center: 'Tengah', Bottom: 'Bawah', Height: 'Tinggi',
  'Height of the container in pixels.': 'Tinggi dalam piksel.', 'Show outline': 'Tampilkan garis tepi', Repeatable: 'Berulang',
  'Default number of items': 'Baris awal', 'Allow add/delete items': 'Baris boleh ditambah dan dihapus', 'Disable collapse': 'Jangan lipat',
  'Number of non-collapsing items': 'Baris yang tidak dilipat', 'Upload multiple files': 'Beberapa berkas',
  'Supported file formats': 'Jenis berkas yang diterima', 'Target value': 'Hasil', 'Compute on': 'Hitung ketika', 'Value changes': 'nilai berubah',
  'Form submission': 'formulir dikirim', 'Version tag': 'Tanda versi', 'Create new list item': 'Tambah butir', 'Delete item': 'Hapus butir',
  'Toggle list item': 'Buka atau lipat butir', 'Toggle section': 'Buka atau lipat bagian', 'Section contains an error': 'Bagian ini memuat kesalahan',
  'Section contains edits': 'Bagian ini sudah diubah', Create: 'Tambah', 'Open pop-up editor': 'Buka di jendela sendiri', 'Close popup': 'Tutup',
  'Opened in editor': 'Terbuka di jendela sendiri', 'Open documentation': 'Buka penjelasan', 'Save and close': 'Simpan dan tutup',
  'Select a form field to edit its properties.': 'Pilih satu isian untuk mengubah sifatnya.',
  'Multiple form fields are selected. Select a single form field to edit its properties.': 'Beberapa isian terpilih. Pilih satu saja.',
  'Must not be empty.': 'Harus diisi.', 'Must not be empty': 'Harus diisi', 'Must be unique.': 'Sudah dipakai.',
  'Must not contain spaces.': 'Tanpa spasi.', 'Must be a variable or a dot separated path.': 'Huruf, angka, dan garis bawah saja.',
  'Must be a variable or a dot-separated path': 'Huruf, angka, dan garis bawah saja', 'Must be a valid QName.': 'Id tidak sah.',
  'Must not conflict with other key/path assignments.': 'Kunci ini sudah dipakai.', 'Must not contain prefix.': 'Tanpa awalan.',
  'Should be a valid number.': 'Harus angka.', 'Should be an integer.': 'Harus angka bulat.', 'Value must be a number.': 'Harus angka.',
  'Should be greater than zero.': 'Harus lebih dari nol.', 'Should be greater than or equal to zero.': 'Harus nol atau lebih.',
  'FEEL expression is mandatory': 'Wajib berupa ungkapan FEEL', 'Unparsable FEEL expression.': 'Ungkapan FEEL tidak dapat dibaca.',
  'Binds to a form variable': 'Nama isian di dalam data; dipakai gambar dan formulir lain',
  'Define an expression to calculate the value of this field': 'Nama rumus dengan isian di sekitarnya',
  'Define which input property to populate the values from': '“opd” atau “pengguna:grup”; lihat properti sumber',
  'Define an expression to populate the options from.': 'Tidak dipakai di sini: tulis pilihan tetap, atau sumber.',
  'The error message to display when the input does not match the regular expression.': 'Kalimat yang tampil bila isian tidak cocok dengan pola.',
  'Add properties directly to the form schema, useful to configure functionality in custom-built task applications and form renderers.':
    'Sifat khusus Alur: isi_dari, sumber, hitung, otomatis, wajib_bila, kunci, tombol, pribadi. Tabelnya ada di bawah halaman ini.',
  'Make this field read-only when it cannot be edited by the end-user, but its content is important for them to see. Its data will still be submitted.':
    'Isian ini tampil dan tidak dapat diubah pengisinya.',
  'Disable this field when it should not be interactive for end-users. Its data will not be submitted. This setting takes precedence over read-only.':
    'Isian ini tampil dan tidak dikirim.',
  'Routes the children of this component into a form variable.': 'Nama tabel di dalam data.',
  'Where the child variables of this component are pathed to.': 'Nama tabel di dalam data.',
  'Supports markdown and templating.': 'Markdown: **tebal**, daftar, tautan. ', 'Learn more': 'Penjelasan',
  'Version tag by which this form can be referenced.': 'Tidak dipakai di sini.',
}; // prettier-ignore

// Sentences that the editor puts together.
const MADE = [
  ['`Create ${getIndefiniteArticle(type)} ${label} element`', '`Tambahkan ${label}`'],
  ['`Remove ${entry.label}`', '`Hapus ${entry.label}`'],
];

export function formJsWords() {
  return {
    name: 'form-js-words',
    setup(build) {
      build.onLoad({ filter: /@bpmn-io[\\/]form-js-(editor|viewer)[\\/]dist[\\/]index\.es\.js$/ }, async ({ path }) => {
        const editor = path.includes('form-js-editor');
        let contents = await readFile(path, 'utf8');
        for (const [word, ours] of Object.entries(editor ? EDITOR : { ...COMPONENTS, ...FORM })) {
          const literal = word in COMPONENTS && !editor ? named(word) : quoted(word);
          const replaced = contents.replaceAll(literal, JSON.stringify(ours));
          if (replaced === contents) throw new Error(`form-js no longer says “${word}”`);
          contents = replaced;
        }
        for (const [made, ours] of editor ? MADE : []) {
          if (!contents.includes(made)) throw new Error(`form-js no longer says ${made}`);
          contents = contents.replaceAll(made, ours);
        }
        return { contents, loader: 'js' };
      });
    },
  };
}

/** The name of a component: the same words may stand elsewhere for something else. */
function named(word) {
  return new RegExp(`(?<=(?:label|name): )(['"])${escaped(word)}\\1`, 'g');
}

/** The whole literal, where it is a value: never a property name or a case of a key that somebody pressed. */
function quoted(word) {
  return new RegExp(`(?<=[:(\\[?,]\\s*|[^=!]=\\s*|return )(['"])${escaped(word)}\\1`, 'g');
}

function escaped(word) {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
