#!/bin/sh
# Fetches the photos in full size, 6 to 24 megapixels, from Debian's packages into a folder: ./fetch-originals.sh FOLDER
set -eu
folder=${1:?usage: fetch-originals.sh FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# apt drops to a user of its own for downloads, who must be able to write here.
chmod 755 "$work"
apt-get download -q lomiri-wallpapers-16.04 lomiri-wallpapers-20.04 mate-backgrounds darknet
for package in *.deb; do
  dpkg -x "$package" unpacked
done
cp unpacked/usr/share/backgrounds/*.jpg unpacked/usr/share/backgrounds/mate/nature/*.jpg unpacked/usr/share/darknet/data/*.jpg "$folder"
for copyright in unpacked/usr/share/doc/*/copyright; do
  cp "$copyright" "$folder/$(basename "$(dirname "$copyright")").copyright"
done
ls "$folder" | wc -l
