"""Image files as masks and motifs: bright is on."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from spsim.patterns import mask_from_image, motifs_from_images

# Grey levels whose shares of white are 0, 0.2, 0.498, 0.502, 0.8 and 1.
LEVELS = np.array([[0, 51, 127], [128, 204, 255]], np.uint8)
BRIGHT = np.array([[False, False, False], [True, True, True]])


@pytest.fixture
def saved(tmp_path):
    def save(array: np.ndarray, name: str = "picture.png", mode: str | None = None) -> str:
        image = Image.fromarray(array)
        (image.convert(mode) if mode else image).save(tmp_path / name)
        return str(tmp_path / name)

    return save


@pytest.mark.parametrize("mode", [None, "RGB", "RGBA", "P", "LA"])
def test_bright_pixels_are_tissue_whatever_the_mode(saved, mode) -> None:
    mask = mask_from_image(saved(LEVELS, mode=mode), spacing=4, unit="micrometer")
    assert np.array_equal(mask.mask, BRIGHT)
    assert (mask.spacing, mask.unit) == (4, "micrometer")


def test_sixteen_bits_floats_and_one_bit(saved) -> None:
    assert np.array_equal(mask_from_image(saved(LEVELS.astype(np.uint16) * 257)).mask, BRIGHT)
    assert np.array_equal(mask_from_image(saved((LEVELS / 255).astype(np.float32), "p.tiff")).mask, BRIGHT)
    assert np.array_equal(mask_from_image(saved(BRIGHT)).mask, BRIGHT)


@pytest.mark.parametrize(("threshold", "n_spots"), [(0, 5), (0.2, 4), (0.5, 3), (0.9, 1)])
def test_the_threshold_is_exceeded(saved, threshold, n_spots) -> None:
    assert mask_from_image(saved(LEVELS), threshold=threshold).n_spots == n_spots


def test_transparent_counts_as_black(saved) -> None:
    white = np.full((2, 3, 4), 255, np.uint8)
    white[..., 3] = LEVELS
    assert np.array_equal(mask_from_image(saved(white)).mask, BRIGHT)


def test_colours_are_weighted_by_their_brightness(saved) -> None:
    # Rec. 601: green is the brightest primary, blue the darkest (0.299, 0.587, 0.114).
    primaries = 255 * np.eye(3, dtype=np.uint8)[None]
    assert mask_from_image(saved(primaries)).mask.tolist() == [[False, True, False]]
    assert mask_from_image(saved(primaries), threshold=0.2).mask.tolist() == [[True, True, False]]


def test_motifs_are_named_after_their_files(saved) -> None:
    paths = [saved(LEVELS, "upper.png"), saved(255 - LEVELS, "lower.png")]
    motifs = motifs_from_images(paths)
    assert motifs.names == ("upper", "lower")
    assert np.array_equal(motifs.pixels, [BRIGHT, ~BRIGHT])
    assert motifs_from_images(paths, threshold=0.9, names=["a", "b"]).names == ("a", "b")
    assert motifs_from_images(paths, threshold=0.9).pixels.sum() == 2


def test_bad_images_are_refused_by_name(saved, tmp_path) -> None:
    path = saved(LEVELS)
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    for call, error, message in [
        (lambda: mask_from_image(tmp_path / "none.png"), FileNotFoundError, "path names no file: '.*none.png'"),
        (lambda: mask_from_image(text), ValueError, "path must be an image file, got '.*notes.txt'"),
        (lambda: mask_from_image(LEVELS), TypeError, "path must be the path of an image file"),
        (lambda: mask_from_image(path, threshold=2), ValueError, r"threshold must lie in \[0, 1\], got 2"),
        (lambda: mask_from_image(path, threshold=1), ValueError, r"brightest pixel of '.*' \(1\), got 1"),
        (
            lambda: mask_from_image(saved(LEVELS.astype(np.float32), "p.tiff")),
            ValueError,
            r"8 or 16 bits per channel or values in \[0, 1\], got 0, 255",
        ),
        (lambda: motifs_from_images(path), TypeError, "paths must be a list of paths, got '"),
        (lambda: motifs_from_images([]), ValueError, "paths must hold at least one image file, got none"),
        (
            lambda: motifs_from_images([path, saved(LEVELS.T, "tall.png")]),
            ValueError,
            "paths must be images of one size, 2 × 3 in '.*picture.png', got 3 × 2 in '.*tall.png'",
        ),
        (lambda: motifs_from_images([path, path]), ValueError, "names must be unique, got 'picture'"),
        (lambda: motifs_from_images([path], names=["a", "b"]), ValueError, "one name per factor"),
    ]:
        with pytest.raises(error, match=message):
            call()


@pytest.mark.parametrize(
    "damage", [lambda b: b[:40], lambda b: b[: len(b) // 2], lambda b: b[:60] + b"\xff" * 40, lambda b: b""]
)
def test_damaged_images_are_refused_by_path(tmp_path, saved, damage) -> None:
    path = saved(np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8))
    (tmp_path / "bad.png").write_bytes(damage((tmp_path / "picture.png").read_bytes()))
    assert mask_from_image(path).n_spots
    with pytest.raises(ValueError, match=r"path must be an image file, got '.*bad\.png'"):
        mask_from_image(tmp_path / "bad.png")


def test_an_image_of_absurd_size_is_refused(monkeypatch, saved) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2)
    with pytest.raises(ValueError, match=r"path must be an image file, got '.*picture\.png': Image size"):
        mask_from_image(saved(LEVELS))


def test_a_path_with_nul_names_no_file() -> None:
    with pytest.raises(FileNotFoundError, match="path names no file"):
        mask_from_image("a\0b.png")
