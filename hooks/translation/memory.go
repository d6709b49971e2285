package translation

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"

	"verso/hooks/requestid"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// The translation memory holds an owner's translations by what they were made
// from. The same text under the same orders is not asked for again, in whatever
// document it stands: two volumes of a series share their headings and refrains,
// and a new edition all that is not new.

// recollection digests what blocks are translated from: the text and everything
// that an order says about it. Of a glossary that is what occurs in the block, so
// that another name in the brief makes nobody pay for the blocks without it.
type recollection struct {
	order *order
	head  []byte
}

// longestRemembered bounds the blocks that are remembered, in bytes.
const longestRemembered = 64 << 10

// memory returns the digests of an order's blocks; nil where its owner has none or
// wants none, or where the answers are no translations that are worth keeping.
func (o *order) memory() *recollection {
	if o.options.NoMemory || o.imitation || o.job.OwnerID() == "" {
		return nil
	}
	return o.digests()
}

func newRecollection(o *order) *recollection {
	style, err := json.Marshal(o.style)
	if err != nil {
		return nil // it came from JSON
	}
	head := strings.Join([]string{
		o.job.Engine(), o.job.ModelName(), o.job.SourceLanguage(), o.job.TargetLanguage(), string(style),
	}, "\x00")
	return &recollection{order: o, head: []byte(head)}
}

// digest returns the digest of a block's text.
func (m *recollection) digest(text string) string {
	sum := sha256.New()
	sum.Write(m.head)
	for _, term := range m.order.glossary().In(text) {
		fmt.Fprintf(sum, "\x00%q%q%q%q%q", term.Term, term.Translation, term.Kind, term.Gender, term.Aliases)
	}
	sum.Write([]byte("\x00\x00"))
	sum.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16])
}

// remembers reports whether a block is one for the memory: a part of a longer
// one, or a very long one, is not.
func remembers(block pipeline.Block) bool {
	return !strings.Contains(block.ID, ".") && len(block.Text) <= longestRemembered
}

// recall returns the translations that an order's owner has of blocks.
func (l *ledger) recall(ctx context.Context, m *recollection, blocks []pipeline.Block) ([]engine.Block, error) {
	if m == nil || len(blocks) == 0 {
		return nil, nil
	}
	ids := map[string][]string{}
	var digests []string
	for _, block := range blocks {
		digest := m.digest(block.Text)
		if ids[digest] == nil {
			digests = append(digests, digest)
		}
		ids[digest] = append(ids[digest], block.ID)
	}
	wanted, err := encode(digests, "[]")
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Digest      string `db:"digest"`
		Translation string `db:"translation"`
	}
	err = l.app.ConcurrentDB().NewQuery(`
		SELECT digest, translation FROM translation_memory
		WHERE owner = {:owner} AND digest IN (SELECT value FROM json_each({:digests}))`).
		WithContext(ctx).Bind(dbx.Params{"owner": m.order.job.OwnerID(), "digests": wanted}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("recall translations: %w", err)
	}
	var recalled []engine.Block
	for _, row := range rows {
		for _, id := range ids[row.Digest] {
			recalled = append(recalled, engine.Block{ID: id, Text: row.Translation})
		}
	}
	return recalled, nil
}

// lesson is what the memory is to learn: translations by the digests of what they
// were made from.
type lesson struct {
	owner        string
	translations map[string]string
	// corrected says that a person has made them: they take the place of others.
	corrected bool
	// again says that somebody wanted others than there were: they take the place of
	// those that no person has made.
	again bool
}

// lesson returns what there is to learn of a segment's new translations.
func (m *recollection) lesson(stored storedSegment, outcome pipeline.Outcome) *lesson {
	if m == nil {
		return nil
	}
	learnt := &lesson{owner: m.order.job.OwnerID(), translations: map[string]string{}, again: len(stored.earlier) > 0}
	texts := make(map[string]string, len(stored.blocks))
	for _, block := range stored.blocks {
		if remembers(block) {
			texts[block.ID] = block.Text
		}
	}
	for _, block := range outcome.Blocks {
		text, ok := texts[block.ID]
		if !ok || stored.recalled[block.ID] {
			continue
		}
		learnt.translations[m.digest(text)] = block.Text
	}
	return learnt
}

// mostRemembered bounds the translations that are kept for one owner: some sixty
// novels.
const mostRemembered = 250_000

// forgetOldest drops what was remembered first of every owner who has more than
// mostRemembered.
func (l *ledger) forgetOldest(ctx context.Context) error {
	return l.transaction(ctx, func(tx tx) error {
		return tx.run(`
			DELETE FROM translation_memory WHERE rowid IN (
				SELECT rowid FROM (
					SELECT rowid, ROW_NUMBER() OVER (PARTITION BY owner ORDER BY rowid DESC) AS place FROM translation_memory
					WHERE owner IN (SELECT owner FROM translation_memory GROUP BY owner HAVING COUNT(*) > {:most}))
				WHERE place > {:most})`, dbx.Params{"most": mostRemembered})
	})
}

// learnCorrection remembers what a person has written. It is no matter of life and
// death: what cannot be remembered is asked for again some day.
func (p *plugin) learnCorrection(ctx context.Context, jobID string, corrected *settledSegment, texts map[string]string) {
	order, err := p.documents.order(ctx, jobID)
	if err == nil {
		m := order.memory()
		if m == nil {
			return
		}
		learnt := &lesson{owner: order.job.OwnerID(), translations: map[string]string{}, corrected: true}
		for _, block := range corrected.source {
			if text, ok := texts[block.ID]; ok && remembers(block) {
				learnt.translations[m.digest(block.Text)] = text
			}
		}
		err = p.ledger.transaction(ctx, func(tx tx) error { return tx.learn(learnt) })
	}
	if err != nil && !isStale(err) {
		requestid.Logger(ctx, p.app.Logger()).Error("a correction could not be remembered", "job", jobID, "error", err)
	}
}

// learn writes what the memory is to learn.
func (t tx) learn(learnt *lesson) error {
	if learnt == nil || len(learnt.translations) == 0 {
		return nil
	}
	rows, err := encode(learnt.translations, "{}")
	if err != nil {
		return err
	}
	conflict := `NOTHING`
	switch {
	case learnt.corrected:
		conflict = `UPDATE SET translation = excluded.translation, corrected = true`
	case learnt.again:
		conflict = `UPDATE SET translation = excluded.translation WHERE NOT translation_memory.corrected`
	}
	err = t.run(`
		INSERT INTO translation_memory (id, owner, digest, translation, corrected, created_at)
		SELECT substr(lower(hex(randomblob(8))), 1, 15), {:owner}, key, value, {:corrected}, {:now} FROM json_each({:rows}) WHERE true
		ON CONFLICT (owner, digest) DO `+conflict,
		dbx.Params{"owner": learnt.owner, "rows": rows, "corrected": learnt.corrected, "now": now()})
	return wrap("remember translations", err)
}
