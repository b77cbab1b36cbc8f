import { translated } from '../wording';

/** The details of failures, which are stored and sent in English, as the page shows them. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^it is empty$/, 'és buida'],
  [/^none was given yet$/, 'encara no se n’ha indicat cap'],
  [/^it has a query or a fragment$/, 'té una consulta o un fragment'],
  [/^it is only a slash$/, 'és només una barra'],
  [/^it must begin with https:\/\/ or http:\/\/$/, 'ha de començar per https:// o http://'],
  [/^it must begin with https:\/\/$/, 'ha de començar per https://'],
  [/^it holds a password$/, 'conté una contrasenya'],
  [/^it is not a URL$/, 'no és un URL'],
  [/^no list$/, 'sense llista'],
  [/^too large$/, 'massa gran'],
  [/^(\d+) files at once; one is needed$/, '$1 fitxers alhora; en cal un'],
  [/^(\d+) files at once$/, '$1 fitxers alhora'],
  [/^1 snapshots? of (\d+) days$/, '1 imatge de $1 dies'],
  [/^(\d+) snapshots of 1 days$/, '$1 imatges d’1 dia'],
  [/^(\d+) snapshots of (\d+) days$/, '$1 imatges de $2 dies'],
  [/^the graphics device was lost$/, 's’ha perdut el dispositiu gràfic'],
  [/^a PyTorch file$/, 'un fitxer de PyTorch'],
  [/^a damaged zip$/, 'un zip malmès'],
  [/^a pickle$/, 'un pickle'],
  [/^an array of Python objects$/, 'una matriu d’objectes de Python'],
  [/^a structured array, expected (.*)$/, 'una matriu estructurada, s’esperava $1'],
  [/^not an \.npy file$/, 'no és un fitxer .npy'],
  [/^no array in this archive$/, 'no hi ha cap matriu en aquest arxiu'],
  [/^more than 512 MB unpacked$/, 'més de 512 MB en descomprimir'],
  [/^too many files in the archive$/, 'massa fitxers al zip'],
  [/^names that are not Unicode$/, 'noms que no són Unicode'],
  [/^the file ends within its header$/, 'el fitxer acaba dins de la capçalera'],
  [/^the header is not what numpy writes$/, 'la capçalera no és la que escriu numpy'],
  [/^a header of (\d+) bytes$/, 'una capçalera de $1 bytes'],
  [/^version (\S+)$/, 'versió $1'],
  [/^values of type (.*), expected float32 or float64$/, 'valors de tipus $1, s’esperava float32 o float64'],
  [/^names of type (.*), expected text$/, 'noms de tipus $1, s’esperava text'],
  [/^shape (\(.*\)), expected (.*)$/, 'forma $1, s’esperava $2'],
  [
    /^shape (\(.*\)) needs (\d+) bytes, the file has (\d+)$/,
    'la forma $1 necessita $2 bytes, el fitxer en té $3',
  ],
  [
    /^several arrays (\(.*\)): name the one to use (.*) or arr_0$/,
    'diverses matrius $1: cal anomenar $2 o arr_0 la que s’hagi de fer servir',
  ],
  [/^(\d+) names for (\d+) embeddings$/, '$1 noms per a $2 embeddings'],
  [/^row (\d+)$/, 'fila $1'],
  [/^(\d+) MB, at most (\d+) MB$/, '$1 MB, com a màxim $2 MB'],
  [/^line (\d+), column (\d+): /, 'línia $1, columna $2: '],
  [/expected /, 's’esperava '],
  [/^the description inside the file is no JSON$/, 'la descripció dins del fitxer no és JSON'],
  [/, allowed (\S+)$/, ', permesa $1'],
  [/^([0-9.e+-]+), not ([0-9.e+-]+)$/, '$1, no $2'],
];

export function detail(text: string): string {
  return translated(text, PHRASES);
}
