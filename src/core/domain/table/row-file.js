/** Names of files with a sensor's rows of numbers. Plain JavaScript, because scripts of Node read it too. */
export const ROW_FILE = /\.(npy|npz|csv|tsv|txt|json)$/i;
