package translation

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
	"verso/hooks/translation/pipeline"
)

// foundBrief is a brief as the analysis of a document makes it.
type foundBrief struct {
	style    map[string]any
	terms    []pipeline.Term
	analysis records.BriefAnalysis
	after    int // the revision of the brief that it takes the place of
}

// freeze writes a brief that was found, and what finding it took. One that its owner
// has changed meanwhile is errStale.
func (l *ledger) freeze(ctx context.Context, jobID string, brief foundBrief, cost bill) error {
	analysis, err := encode(brief.analysis, "{}")
	if err != nil {
		return err
	}
	style, err := encode(brief.style, "{}")
	if err != nil {
		return err
	}
	glossary, err := encode(brief.terms, "[]")
	if err != nil {
		return err
	}
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`UPDATE translation_jobs SET id = id WHERE id = {:job} AND completed_at = ''`, dbx.Params{"job": jobID})
		if err != nil {
			return wrap("find job", err)
		}
		err = tx.change(`
			UPDATE translation_briefs
			SET style_data = CASE WHEN options ->> 'analyse_style' THEN {:style} ELSE style_data END,
			    glossary_data = CASE WHEN options ->> 'analyse_glossary' THEN {:glossary} ELSE glossary_data END,
			    analysis = {:analysis}, revision = revision + 1, updated_at = {:now}
			WHERE job = {:job} AND revision = {:after}`,
			dbx.Params{"job": jobID, "after": brief.after, "style": style, "glossary": glossary, "analysis": analysis, "now": now()})
		if err != nil {
			return wrap("write brief", err)
		}
		return tx.charge(jobID, cost)
	})
}

// keepFound keeps answers to questions about a document of which not all have come.
func (l *ledger) keepFound(ctx context.Context, jobID string, brief int, found map[string]json.RawMessage) error {
	encoded, err := encode(found, "{}")
	if err != nil {
		return err
	}
	return l.transaction(ctx, func(tx tx) error {
		err := tx.change(`
			UPDATE translation_briefs
			SET analysis = json_set(COALESCE(NULLIF(analysis, ''), '{}'), '$.found', json({:found}))
			WHERE job = {:job} AND revision = {:brief}`,
			dbx.Params{"job": jobID, "brief": brief, "found": encoded})
		return wrap("keep what was found", err)
	})
}

// writeBrief replaces a job's style and glossary by what a person wants. What he has
// given no analysis replaces.
func (t tx) writeBrief(jobID string, change briefChange) error {
	styleData, err := encode(change.style, "{}")
	if err != nil {
		return err
	}
	glossaryData, err := encode(change.terms, "[]")
	if err != nil {
		return err
	}
	err = t.change(`
		UPDATE translation_briefs
		SET style_data = {:style}, glossary_data = {:glossary}, revision = revision + 1, updated_at = {:now},
		    options = json_set(options,
		        '$.analyse_style', json(CASE WHEN {:styleGiven} OR NOT COALESCE(options ->> 'analyse_style', 0) THEN 'false' ELSE 'true' END),
		        '$.analyse_glossary', json(CASE WHEN {:termsGiven} OR NOT COALESCE(options ->> 'analyse_glossary', 0) THEN 'false' ELSE 'true' END)),
		    analysis = json_set(COALESCE(NULLIF(analysis, ''), '{}'), '$.edited', json('true'))
		WHERE job = {:job}`,
		dbx.Params{
			"job": jobID, "style": styleData, "glossary": glossaryData, "now": now(),
			"styleGiven": change.styleGiven, "termsGiven": change.termsGiven,
		})
	return wrap("write brief", err)
}

// pauseForReview stops a job until its owner has seen the brief, and notes that
// it was stopped, so that it is once.
func (l *ledger) pauseForReview(ctx context.Context, jobID string) error {
	return l.transaction(ctx, func(tx tx) error {
		err := tx.move(jobID, pause(), dbx.Params{"reason": string(records.PausedByReview), "resumes": ""})
		if err != nil {
			return err
		}
		err = tx.run(`UPDATE translation_briefs SET options = json_set(options, '$.review', json('false')) WHERE job = {:job}`,
			dbx.Params{"job": jobID})
		return wrap("note the review", err)
	})
}

// characters returns how many characters a job's segments have.
func (l *ledger) characters(ctx context.Context, jobID string) (characters int, err error) {
	err = l.app.ConcurrentDB().NewQuery(`
		SELECT COALESCE(SUM(LENGTH(block.value ->> 'text')), 0)
		FROM translation_segments AS segment, json_each(segment.source) AS block WHERE segment.job = {:job}`).
		WithContext(ctx).Bind(dbx.Params{"job": jobID}).Row(&characters)
	if err != nil {
		return 0, fmt.Errorf("count characters: %w", err)
	}
	return characters, nil
}
