/** README.txt of an export, for who opens it on another laptop: in English, as all names in it are. */
export const BUNDLE_README = `Porthole export
===============

porthole.json                   what is in this zip: format, cameras, models, files with sizes and SHA-256
cameras/<name>-<id>/
  cameras.jsonl                 the camera with all its settings; in this and all other .jsonl files, a line is a row
                                as it is stored
  destinations.jsonl            where its results are sent
  references.jsonl              its references, without their embeddings
  jobs.jsonl                    everything that is known of each checked snapshot
  events.jsonl calibrations.jsonl deliveries.jsonl
  spansByHand.jsonl             what a person said of how far its pictures can be used: begin and end in milliseconds
                                since 1970
  pictures.jsonl                the small and the whole picture of each line of jobs.jsonl, with size and SHA-256
  blobs.json                    the other files beside these rows
  config.toml                   the settings as the tutorial's configuration file
  provenance.json               what the numbers are made by: versions, hashes, settings, calibration
  jobs.csv                      one row for each checked snapshot, for a spreadsheet
  embeddings.npz                numpy.load: embeddings (n, d), ids (n,) of the jobs, model (1,) by its SHA-256;
                                more than 20,000 snapshots, or several models, make several files
  reference-<version>.npz       numpy.load: embeddings (n, d), names (n,), warm_up (m, d); its pictures are in the folder
                                of that name
  reference-<version>-glass.npz numpy.load: what it shows of a clean lens, to which growth and loss are fitted
  sights.npz                    numpy.load: what each snapshot showed through it: ids (n,) of the jobs, excess (n, cells),
                                losses (n, 7 × cells), view (n, pixels), move (n, 2), and more; 2,000 to a file
  thumbnails/<job id>.jpg       small pictures
  originals/                    whole pictures, if they were kept and asked for
broken-rows.json                stored rows that Porthole can't use, if there are any: where each is, what is wrong with it
                                (fault), and the row as it is; opening an export leaves them out
models/<id>/                    the user's own models; those that ship with Porthole are named in porthole.json

Times are UTC. Distances are unbiased squared MMD and may be slightly negative.

To open it on another laptop: Session, Settings, "Open an export". What is there already stays as it is.

Tokens, passphrases and the connection of this device are not in here; the experiment that a camera sends to is, and is
taken over only by who says yes to it. deliveries.jsonl lists, for people, the results that had reached DriftWatch;
another laptop looks each up there before it sends it.
`;
