package translatecmd

import (
	"errors"
	"io/fs"
)

// resume returns what an earlier run has left, or a job of which nothing is done
// and no sidecar.
func (t *translate) resume() (*sidecar, *job, error) {
	sidecar, records, err := openSidecar(t.path+sidecarEnding, sidecarMode{damaged: t.options.restart})
	if errors.Is(err, fs.ErrNotExist) {
		job, err := t.fresh()
		return nil, job, err
	}
	if err != nil {
		return nil, nil, err
	}
	var job *job
	if t.options.restart {
		// It is thrown away when the price is agreed to, all but what tells that an
		// output is this command's own.
		if job, err = t.fresh(); err == nil {
			job.outputs = outputsIn(records)
		}
	} else {
		job, err = t.take(sidecar, records)
	}
	if err != nil {
		sidecar.close()
		return nil, nil, err
	}
	return sidecar, job, nil
}

// fresh returns a job of which nothing is done.
func (t *translate) fresh() (*job, error) {
	return newJob(t.order, t.source, t.order.plannedSize(), nil)
}

// take makes a job of a sidecar's records. One that holds nothing yet gets its
// header.
func (t *translate) take(sidecar *sidecar, records []record) (*job, error) {
	if len(records) == 0 {
		job, err := t.fresh()
		if err != nil {
			return nil, err
		}
		return job, t.writeHeader(sidecar, job)
	}
	before := *records[0].Header
	if what := t.order.header(t.source).differs(before); what != "" {
		return nil, wrongUse("%s belongs to %s. Give another file with -o, or add --restart to throw away what it holds.", sidecar.path, what)
	}
	job, err := newJob(t.order, t.source, before.PlannedSize, records[1:])
	if err == nil && job.plan() != before.Plan {
		err = errStrange
	}
	if err != nil {
		return nil, unusable(sidecar.path, err)
	}
	return job, nil
}

// begin makes the sidecar, or empties the one that there is. Where there was none,
// another process may have been quicker.
func (t *translate) begin(there *sidecar, job *job) (*sidecar, *job, error) {
	if there != nil {
		return there, job, t.writeHeader(there, job)
	}
	sidecar, records, err := openSidecar(t.path+sidecarEnding, sidecarMode{create: true})
	if err != nil {
		return nil, nil, err
	}
	job, err = t.take(sidecar, records)
	return sidecar, job, err
}

// writeHeader begins a sidecar.
func (t *translate) writeHeader(sidecar *sidecar, job *job) error {
	header := t.order.header(t.source)
	header.Plan = job.plan()
	if err := sidecar.begin(header); err != nil {
		return err
	}
	for _, digest := range job.outputs {
		if err := sidecar.append(record{Output: digest}); err != nil {
			return err
		}
	}
	return nil
}
