"""The compiled parts of the package; everything else about it is in pyproject.toml.

In place, which is what a clone runs from: ``python setup.py build_ext --inplace``.
"""

from setuptools import Extension, setup

setup(
    ext_modules=[
        # Optional: where there is no C compiler NumPy does the same, only slower.
        Extension(
            name,
            [name.replace(".", "/") + ".pyx"],
            extra_compile_args=["-O3", "-g0"],
            optional=True,
        )
        for name in ("index.codec.compiled", "search.compiled", "search.ranking.compiled")
    ]
)
