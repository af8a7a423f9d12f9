/**
 * Unpacks the browser that the npm package carries, and writes how to start it: `node unpack.mjs DIR`.
 * DIR/launch.json: {executable, env}, paths relative to DIR.
 *
 * The package unpacks into the system's temp folder, under fixed names, owned by whoever came first: hence a TMPDIR per checkout.
 * It brings the shared libraries a bare machine lacks only when it believes to be where it was made for: hence the variable.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

const target = resolve(process.argv[2]);
const folder = join(target, 'unpacked');
await rm(target, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
process.env.TMPDIR = folder;
process.env.AWS_EXECUTION_ENV = `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`;

const { default: chromium } = await import('@sparticuz/chromium');
chromium.setGraphicsMode = false;
const executable = await chromium.executablePath();
const libraries = join(folder, 'al2023', 'lib');
if (!existsSync(libraries)) throw new Error(`no shared libraries in ${folder}`);

// Its own list of font folders names only places on the machine it was made for.
await writeFile(
  join(folder, 'fonts', 'fonts.conf'),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="relative">cache</cachedir>
</fontconfig>
`,
);

const launch = {
  executable: relative(target, executable),
  env: { LD_LIBRARY_PATH: relative(target, libraries), FONTCONFIG_PATH: relative(target, join(folder, 'fonts')) },
};
await writeFile(join(target, 'launch.json'), `${JSON.stringify(launch, null, 2)}\n`);
