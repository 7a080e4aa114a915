"""The project keeps exactly the tables that slices need."""

from slices.kept import why_no_slices
from tests.pipeline_run.compiled_models import CompiledModels


def test_models_of_everybody_read_only_what_is_kept(models: CompiledModels) -> None:
    """Otherwise every run would build everything."""
    assert why_no_slices(models.plan) == ""
