"""The demo camera's procedural underwater scene. No photograph was used to make it.

A concrete reef dome, an amphora and rocks with sponges and sea fans are ray marched once per process. Each
snapshot lights that still scene anew and adds what moves (light rays, caustics, seagrass, fish, particles),
what is on the lens, and the sensor's noise.

    from demo_scene.snapshot import render
    picture = render(datetime(2026, 5, 9, 10, 0), seed=7, fouling=0.4)

Conventions: metres; x right, y up, z away from the camera, which stands at (0, EYE_HEIGHT, 0). Pictures are
(HEIGHT, WIDTH, 3) float32 in linear light until the sensor. Points p and normals n are (n, 3) float32. Needs
numpy, Pillow and settlers.py only.

public/demo must not change by a byte: keep the order of random draws and of sums.
"""
