package xep

import (
	"talktrace/dissect"
)

func init() {
	text := func(name, doc string) dissect.FieldDef {
		return dissect.FieldDef{Name: "xmpp.geoloc." + name, Type: dissect.Text, Path: name, Doc: doc}
	}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0080", Title: "User Location", Label: "location",
		Doc:    "Where somebody is: as coordinates, as an address, or both.",
		Spaces: []string{"http://jabber.org/protocol/geoloc"},
		Elements: []dissect.Element{
			{
				Name: "geoloc", Field: "xmpp.geoloc", Doc: "where somebody is", Describe: func(l *dissect.Line, n int32) {
					if l.Tree.Nodes[n].Child < 0 {
						l.Add("no longer told")
					}
				},
				Info: "[{lat}° north, {lon}° east][ ± {accuracy} m][, {street}][, {locality}][, {country}][, {text}]",
				Fields: []dissect.FieldDef{
					text("lat", "degrees north of the equator"), text("lon", "degrees east of Greenwich"),
					text("alt", "metres above sea level"), text("accuracy", "how wrong the coordinates may be, in metres"),
					text("altaccuracy", "how wrong the height may be, in metres"), text("error", "how wrong the coordinates may be, in minutes of arc"),
					text("bearing", "direction of movement, in degrees from north"), text("speed", "speed in metres a second"),
					text("datum", "geodetic datum of the coordinates"), text("country", "country"), text("countrycode", "country in two letters"),
					text("region", "state or province"), text("locality", "town"), text("area", "quarter of the town"), text("postalcode", "postal code"),
					text("street", "street"), text("building", "building"), text("floor", "floor"), text("room", "room"),
					text("description", "what the place is called by the user"), text("text", "anything else"), text("uri", "where to read more"),
					text("tzo", "distance of the local time from UTC"),
					{Name: "xmpp.geoloc.timestamp", Type: dissect.Time, Path: "timestamp", Doc: "when somebody was there"},
				},
			},
		},
	})
}
