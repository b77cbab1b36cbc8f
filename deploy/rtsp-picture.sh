#!/bin/sh
# Puts a picture of a camera with an RTSP address into a folder, for cron or a systemd timer. Protect the file with address
# and password, and the output: ffmpeg prints the address when a frame fails. Tried with ffmpeg 7.1, Motion JPEG, Digest.
folder=/srv/cameras/pier-north
name=$(date -u +%Y%m%d-%H%M%S)-PIER.jpg
ffmpeg -nostdin -loglevel error -rtsp_transport tcp -timeout 20000000 -i "$(cat /etc/porthole/pier-address)" \
  -frames:v 1 -update 1 -q:v 2 -y "$folder/.$name" && mv "$folder/.$name" "$folder/$name"
