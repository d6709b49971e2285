package lane

import "time"

const (
	// patientFailures is how many failures in a row are taken for accidents.
	patientFailures = 2
	// firstOutage and longestOutage bound the pause before a probe.
	firstOutage, longestOutage = 250 * time.Millisecond, 30 * time.Second
)

// outage knows whether the engine is there.
type outage struct {
	failures int           // in a row
	on       bool          // paused, and then open for one probe at a time
	since    time.Duration // when it was noticed
	until    time.Duration // when the next probe may go out
	probes   int           // in vain

	probe uint64 // the one that is out; 0: none
	last  uint64 // the last that went out
}

// begin returns the number of the probe that goes out; 0 if there is no outage.
func (o *outage) begin() uint64 {
	if !o.on {
		return 0
	}
	o.last++
	o.probe = o.last
	return o.probe
}

// failed counts a failure; asked says that the engine asked to be left alone.
func (o *outage) failed(now time.Duration, t Ticket, asked bool, jitter func() float64) {
	o.failures++
	switch {
	case !o.on:
		if o.failures <= patientFailures && !asked {
			return
		}
		o.on, o.since, o.probes = true, now, 0
	case t.probe != 0 && t.probe == o.probe:
		o.probe = 0
		o.probes++
	default:
		return // sent before the outage was noticed
	}
	o.until = now + doubled(firstOutage, longestOutage, o.probes, jitter)
}

// dropped makes room for another probe.
func (o *outage) dropped(t Ticket) {
	if t.probe == o.probe {
		o.probe = 0
	}
}

// answered ends the outage.
func (o *outage) answered() { *o = outage{last: o.last} }

// doubled returns the first pause doubled so many times, the longest at most, and
// up to a quarter more.
func doubled(first, longest time.Duration, times int, jitter func() float64) time.Duration {
	pause := longest
	if times < 16 { // beyond any longest
		pause = min(first<<times, longest)
	}
	return pause + time.Duration(jitter()*float64(pause)/4)
}
