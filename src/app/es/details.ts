import { translated } from '../wording';

/** The details of failures, which are stored and sent in English, as the page shows them. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^it is empty$/, 'está vacía'],
  [/^none was given yet$/, 'aún no se ha indicado ninguna'],
  [/^it has a query or a fragment$/, 'tiene una consulta o un fragmento'],
  [/^it is only a slash$/, 'es solo una barra'],
  [/^it must begin with https:\/\/ or http:\/\/$/, 'debe empezar por https:// o http://'],
  [/^it must begin with https:\/\/$/, 'debe empezar por https://'],
  [/^it holds a password$/, 'contiene una contraseña'],
  [/^it is not a URL$/, 'no es una URL'],
  [/^no list$/, 'sin lista'],
  [/^too large$/, 'demasiado grande'],
  [/^(\d+) files at once; one is needed$/, '$1 archivos a la vez; hace falta uno'],
  [/^(\d+) files at once$/, '$1 archivos a la vez'],
  [/^1 snapshots? of (\d+) days$/, '1 imagen de $1 días'],
  [/^(\d+) snapshots of 1 days$/, '$1 imágenes de 1 día'],
  [/^(\d+) snapshots of (\d+) days$/, '$1 imágenes de $2 días'],
  [/^the graphics device was lost$/, 'se perdió el dispositivo gráfico'],
  [/^a PyTorch file$/, 'un archivo de PyTorch'],
  [/^a damaged zip$/, 'un zip dañado'],
  [/^a pickle$/, 'un pickle'],
  [/^an array of Python objects$/, 'una matriz de objetos de Python'],
  [/^a structured array, expected (.*)$/, 'una matriz estructurada, se esperaba $1'],
  [/^not an \.npy file$/, 'no es un archivo .npy'],
  [/^no array in this archive$/, 'no hay ninguna matriz en este archivo'],
  [/^more than 512 MB unpacked$/, 'más de 512 MB al descomprimir'],
  [/^too many files in the archive$/, 'demasiados archivos en el zip'],
  [/^names that are not Unicode$/, 'nombres que no son Unicode'],
  [/^the file ends within its header$/, 'el archivo acaba dentro de su cabecera'],
  [/^the header is not what numpy writes$/, 'la cabecera no es la que escribe numpy'],
  [/^a header of (\d+) bytes$/, 'una cabecera de $1 bytes'],
  [/^version (\S+)$/, 'versión $1'],
  [/^values of type (.*), expected float32 or float64$/, 'valores de tipo $1, se esperaba float32 o float64'],
  [/^names of type (.*), expected text$/, 'nombres de tipo $1, se esperaba texto'],
  [/^shape (\(.*\)), expected (.*)$/, 'forma $1, se esperaba $2'],
  [
    /^shape (\(.*\)) needs (\d+) bytes, the file has (\d+)$/,
    'la forma $1 necesita $2 bytes, el archivo tiene $3',
  ],
  [
    /^several arrays (\(.*\)): name the one to use (.*) or arr_0$/,
    'varias matrices $1: llamar $2 o arr_0 a la que se deba usar',
  ],
  [/^(\d+) names for (\d+) embeddings$/, '$1 nombres para $2 embeddings'],
  [/^row (\d+)$/, 'fila $1'],
  [/^(\d+) MB, at most (\d+) MB$/, '$1 MB, como máximo $2 MB'],
  [/^line (\d+), column (\d+): /, 'línea $1, columna $2: '],
  [/expected /, 'se esperaba '],
  [/^the description inside the file is no JSON$/, 'la descripción dentro del archivo no es JSON'],
  [/, allowed (\S+)$/, ', permitida $1'],
  [/^([0-9.e+-]+), not ([0-9.e+-]+)$/, '$1, no $2'],
];

export function detail(text: string): string {
  return translated(text, PHRASES);
}
