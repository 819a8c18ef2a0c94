package xep

import (
	"talktrace/dissect"
)

func init() {
	nick := dissect.FieldDef{Name: "xmpp.mix.nick", Type: dissect.Text, Path: "nick", Doc: "nickname in the channel"}
	node := dissect.FieldDef{Name: "xmpp.mix.subscribe", Type: dissect.Text, Path: "subscribe/@node", Doc: "a part of the channel that is wanted: messages, presence, participants …"}
	id := dissect.FieldDef{Name: "xmpp.mix.participant-id", Type: dissect.Text, Path: "@id", Doc: "id of the participant in the channel"}
	channel := dissect.FieldDef{Name: "xmpp.mix.channel", Type: dissect.Text, Path: "@channel", Doc: "the channel"}
	jid := dissect.FieldDef{Name: "xmpp.mix.jid", Type: dissect.JID, Path: "jid", Doc: "who it is"}
	dissect.Register(dissect.Extension{
		Spec: "XEP-0369", Title: "Mediated Information eXchange", Label: "MIX",
		Doc:    "Group chat built on pubsub: an account joins a channel, not a client, and stays in it when it goes offline.",
		Spaces: []string{"urn:xmpp:mix:core:1", "urn:xmpp:mix:core:0"},
		Elements: []dissect.Element{
			{Name: "mix", Field: "xmpp.mix", Rank: dissect.Mark, Aside: "[, by {nick}]", Doc: "who has sent a message to the channel", Fields: []dissect.FieldDef{nick, jid}},
			{Name: "join", Field: "xmpp.mix.join", Info: "join[ as {\"nick}][, {#subscribe node nodes}]", Doc: "enters a channel", Fields: []dissect.FieldDef{id, nick, node}},
			{Name: "leave", Field: "xmpp.mix.leave", Info: "leave", Doc: "leaves a channel"},
			{Name: "setnick", Field: "xmpp.mix.setnick", Info: "nickname[ {\"nick}]", Doc: "sets the nickname", Fields: []dissect.FieldDef{nick}},
			{Name: "update-subscription", Field: "xmpp.mix.update", Info: "change what is wanted[, {#subscribe node nodes} more][, {#unsubscribe node nodes} fewer]", Doc: "changes which parts of the channel are wanted", Fields: []dissect.FieldDef{
				node,
				{Name: "xmpp.mix.unsubscribe", Type: dissect.Text, Path: "unsubscribe/@node", Doc: "a part of the channel that is no longer wanted"},
			}},
			{Name: "create", Field: "xmpp.mix.create", Info: "create channel[ {@channel}]", Doc: "makes a channel", Fields: []dissect.FieldDef{channel}},
			{Name: "destroy", Field: "xmpp.mix.destroy", Info: "destroy channel[ {@channel}]", Doc: "does away with a channel", Fields: []dissect.FieldDef{channel}},
			{Name: "participant", Field: "xmpp.mix.participant", Info: "participant[ {\"nick}][ {jid}]", Doc: "somebody who is in the channel", Fields: []dissect.FieldDef{nick, jid}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0405", Title: "MIX: Participant Server Requirements", Label: "MIX-PAM",
		Doc:    "A client asks its own server to join or leave a channel for the account, and the server keeps the channel in the roster.",
		Spaces: []string{"urn:xmpp:mix:pam:2", "urn:xmpp:mix:pam:1", "urn:xmpp:mix:pam:0"},
		Elements: []dissect.Element{
			{Name: "client-join", Field: "xmpp.mix.client-join", Info: "join[ {@channel}][ as {\"./~join/~nick}]", Doc: "the account is to join a channel", Fields: []dissect.FieldDef{channel}},
			{Name: "client-leave", Field: "xmpp.mix.client-leave", Info: "leave[ {@channel}]", Doc: "the account is to leave a channel", Fields: []dissect.FieldDef{channel}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0405", Title: "MIX: Channels in the Roster", Label: "MIX-roster",
		Doc:    "Tells which entries of the roster are channels.",
		Spaces: []string{"urn:xmpp:mix:roster:0"},
		Elements: []dissect.Element{
			{Name: "annotate", Field: "xmpp.mix.annotate", Doc: "the roster is wanted with its channels marked"},
			{Name: "channel", Field: "xmpp.mix.roster-channel", Doc: "the entry of the roster is a channel", Fields: []dissect.FieldDef{
				{Name: "xmpp.mix.participant-id", Type: dissect.Text, Path: "@participant-id", Doc: "id of the participant in the channel"},
			}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0403", Title: "MIX: Presence Support", Label: "MIX-presence",
		Doc:    "What a channel says of the presence of those who are in it.",
		Spaces: []string{"urn:xmpp:presence:0", "urn:xmpp:mix:presence:0"},
		Elements: []dissect.Element{
			{Name: "mix", Field: "xmpp.mix.presence", Aside: "[, {nick}][, {jid}]", Doc: "whose presence it is", Fields: []dissect.FieldDef{nick, jid}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0404", Title: "MIX: JID Hidden Channels", Label: "MIX-anon",
		Doc:    "Channels that do not tell who is who, and what a participant wants to be told of him.",
		Spaces: []string{"urn:xmpp:mix:anon:0"},
		Elements: []dissect.Element{
			{Name: "user-preference", Field: "xmpp.mix.preference", Info: "preferences", Doc: "how a participant wants to be shown"},
			{Name: "register", Field: "xmpp.mix.register", Info: "nickname[ {\"nick}]", Doc: "keeps a nickname", Fields: []dissect.FieldDef{nick}},
		},
	})
	dissect.Register(dissect.Extension{
		Spec: "XEP-0407", Title: "MIX: Miscellaneous Capabilities", Label: "MIX-misc",
		Doc:    "Invitations to a channel, and nicknames that are kept.",
		Spaces: []string{"urn:xmpp:mix:misc:0"},
		Elements: []dissect.Element{
			{Name: "invite", Field: "xmpp.mix.invite", Info: "[invitation for {invitee}]", Doc: "asks the channel for an invitation", Fields: []dissect.FieldDef{
				{Name: "xmpp.mix.invitee", Type: dissect.JID, Path: "invitee", Doc: "who is invited"},
			}},
			{Name: "invitation", Field: "xmpp.mix.invitation", Rank: dissect.Instead, Info: "invitation[ into {channel}][ by {inviter}]", Doc: "an invitation to a channel", Fields: []dissect.FieldDef{
				{Name: "xmpp.mix.inviter", Type: dissect.JID, Path: "inviter", Doc: "who invites"},
				{Name: "xmpp.mix.invitee", Type: dissect.JID, Path: "invitee", Doc: "who is invited"},
				{Name: "xmpp.mix.channel", Type: dissect.Text, Path: "channel", Doc: "the channel"},
				{Name: "xmpp.mix.invitation.token", Type: dissect.Text, Path: "token", Doc: "what the channel lets the invited one in for"},
			}},
			{Name: "register", Field: "xmpp.mix.register", Info: "nickname[ {\"nick}]", Doc: "keeps a nickname", Fields: []dissect.FieldDef{nick}},
		},
	})
}
