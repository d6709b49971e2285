package translation

import (
	"testing"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// TestRepeatsOfThisRun reads a segment as settled just before, and just after, the
// run that has settled it notes so: its text is this run's either way.
func TestRepeatsOfThisRun(t *testing.T) {
	refrain := pipeline.Block{Repeated: true}
	refrain.ID = "b1"
	source, translation := []pipeline.Block{refrain}, []engine.Block{{ID: "b1", Text: "Und der Fluss zog weiter."}}

	var runs repeats
	runs.begin(3)
	runs.found(3, source, translation)
	if told, known := runs.known["b1"]; known {
		t.Errorf("a text that is about to be noted was taken for an earlier run's: %+v", told)
	}
	runs.note(source, translation, true)
	runs.found(3, source, translation)
	if told := runs.known["b1"]; !told.anew || !told.translated {
		t.Errorf("after it was noted: %+v", told)
	}

	var later repeats
	later.found(3, source, translation)
	if told := later.known["b1"]; told.anew || !told.translated {
		t.Errorf("of an earlier run: %+v", told)
	}
}
