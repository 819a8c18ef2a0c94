package tls
import ("testing";gotls "crypto/tls")
func TestX(t *testing.T){
 for _,v:=range []uint16{gotls.VersionTLS12,gotls.VersionTLS13}{
 c,s:=configs(t,v)
 c.ClientSessionCache=gotls.NewLRUClientSessionCache(1)
 for range 2 { for _,r:=range trace(converse(t,c,s)...) {t.Log(r)}; t.Log("-") }
 if v==gotls.VersionTLS13 { c,s:=configs(t,v); s.CurvePreferences=[]gotls.CurveID{gotls.CurveP384}
  for _,r:=range trace(converse(t,c,s)...) {t.Log(r)} }
 }
}
