package traffic

// event is something that happens at a time: a packet passes the capturing
// interface, or it is a session's turn to go on.
type event struct {
	at     int64 // microseconds since the epoch
	order  int64 // in which events were pushed; decides where times are the same
	packet *packet
	turn   *session
}

func (e *event) before(o *event) bool {
	return e.at < o.at || e.at == o.at && e.order < o.order
}

// queue is a binary heap of events, the earliest first.
type queue struct {
	heap   []event
	pushed int64
}

func (q *queue) len() int { return len(q.heap) }

// push adds an event and gives it its order.
func (q *queue) push(e event) {
	q.pushed++
	e.order = q.pushed
	q.heap = append(q.heap, e)
	for i := len(q.heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.heap[i].before(&q.heap[parent]) {
			return
		}
		q.heap[i], q.heap[parent] = q.heap[parent], q.heap[i]
		i = parent
	}
}

// pop takes out the earliest event; there must be one.
func (q *queue) pop() event {
	first, n := q.heap[0], len(q.heap)-1
	q.heap[0] = q.heap[n]
	q.heap[n] = event{}
	q.heap = q.heap[:n]
	for i := 0; ; {
		child := 2*i + 1
		if child >= n {
			return first
		}
		if child+1 < n && q.heap[child+1].before(&q.heap[child]) {
			child++
		}
		if !q.heap[child].before(&q.heap[i]) {
			return first
		}
		q.heap[i], q.heap[child] = q.heap[child], q.heap[i]
		i = child
	}
}
