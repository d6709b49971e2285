package translation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

const (
	// maxCorrection bounds a corrected block, in characters.
	maxCorrection = 200_000
	// maxCorrected bounds what a segment becomes by corrections, in bytes: a segment is
	// read as a whole, and 100,000 characters long at most when it is planned.
	maxCorrected = 2 << 20
)

// correctSegment answers PATCH /api/v1/jobs/{id}/segments/{position}: a person's
// own translation of blocks of a settled segment, which nothing overwrites.
func (p *plugin) correctSegment(e *core.RequestEvent) error {
	job, err := p.requestedJob(e, e.Auth)
	if err != nil {
		return err
	}
	if e.Auth.IsSuperuser() {
		return e.ForbiddenError("Only the owner of a translation corrects it.", nil)
	}
	position, err := strconv.Atoi(e.Request.PathValue("position"))
	if err != nil || position < 0 {
		return e.NotFoundError("There is no such segment.", nil)
	}
	texts, err := readCorrection(e)
	if err != nil {
		return err
	}
	ctx := context.WithoutCancel(e.Request.Context())
	corrected, err := p.ledger.correct(ctx, job.Id, position, texts, func(source []pipeline.Block) error {
		return correctable(source, texts)
	})
	var wrong *fieldError
	switch {
	case errors.As(err, &wrong):
		return badField(e, wrong)
	case errors.Is(err, errNoSegment):
		return e.NotFoundError("There is no such segment.", nil)
	case errors.Is(err, errUnsettled):
		return e.Error(http.StatusConflict, "The segment is not translated yet. Correct it when it is.", nil)
	case isStale(err):
		return e.NotFoundError("There is no such job.", nil)
	case err != nil:
		return e.InternalServerError("The correction could not be saved. Try again.", err)
	}
	p.feed.now(job.Id, job.OwnerID())
	p.runner.noteCorrection(job.Id, corrected)
	p.learnCorrection(ctx, job.Id, corrected, texts)
	view := segmentView{
		Position: position, Revision: corrected.revision, Status: corrected.status,
		Translation: corrected.translation, Issue: textOrNull(corrected.issue),
	}
	for _, block := range corrected.source {
		view.Source = append(view.Source, engine.Block{ID: block.ID, Text: block.Text})
	}
	return e.JSON(http.StatusOK, view)
}

// readCorrection returns the corrected texts by block id.
func readCorrection(e *core.RequestEvent) (map[string]string, error) {
	var body struct {
		Blocks []engine.Block `json:"blocks"`
	}
	if err := readJSON(e, &body); err != nil {
		return nil, err
	}
	wrong := &fieldError{"blocks", fmt.Sprintf(
		`a list of {"id": …, "text": …} with at least one block, each once, and none of the texts empty or longer than %d characters`, maxCorrection)}
	texts := make(map[string]string, len(body.Blocks))
	for _, block := range body.Blocks {
		_, twice := texts[block.ID]
		if twice || strings.TrimSpace(block.Text) == "" || utf8.RuneCountInString(block.Text) > maxCorrection || strings.ContainsRune(block.Text, 0) {
			return nil, badField(e, wrong)
		}
		texts[block.ID] = block.Text
	}
	if len(texts) == 0 {
		return nil, badField(e, wrong)
	}
	return texts, nil
}

// correctable reports what keeps texts from being translations of a segment's
// blocks. What a person writes is his own affair, but for the markup tags, which
// are the document's.
func correctable(source []pipeline.Block, texts map[string]string) error {
	known := make(map[string]string, len(source))
	for _, block := range source {
		known[block.ID] = block.Text
	}
	for id, text := range texts {
		original, ok := known[id]
		if !ok {
			return &fieldError{"blocks", "ids of blocks of this segment alone"}
		}
		if pipeline.Tags(original, text) != "" {
			return &fieldError{"blocks", "texts that keep the numbered tags of their source, such as <1>…</1>, each around something"}
		}
	}
	return nil
}
