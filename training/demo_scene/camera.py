"""The demo camera: the size of its picture, and where a point of the scene appears in it."""

HEIGHT, WIDTH = 360, 640    # pixels of a snapshot
SUPERSAMPLING = 2           # the still scene is traced this many times larger, then averaged
FOCAL_LENGTH = 530.0        # pixels
HORIZON_ROW = 150.0         # pixels from the top
EYE_HEIGHT = 1.5            # metres above the sand
FAR = 60.0                  # metres; open water


AIMED = (0, 0)              # where the scene is in the picture: columns and rows from where it was set up


def project(point, aim: tuple[int, int] = AIMED) -> tuple[float, float, float]:
    """A point (x, y, z) in metres, z > 0, to (column, row, pixels per metre) of the snapshot."""
    x, y, z = point
    scale = FOCAL_LENGTH / z
    return WIDTH / 2 + aim[0] + x * scale, HORIZON_ROW + aim[1] + (EYE_HEIGHT - y) * scale, scale
