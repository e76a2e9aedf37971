// Known headers of the WDK and the SDK, by which a file is told to be kernel or user mode code. Source: include folders km/, km/wdf,
// um/, shared/ of the kits as their documentation names them.

export type HeaderKind = 'kernel' | 'user' | 'shared';

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const KERNEL = words(`ntddk.h wdm.h ntifs.h ntosp.h miniport.h ndis.h fltkernel.h storport.h srb.h scsi.h minitape.h strmini.h ks.h ksproxy.h portcls.h
  stdunk.h wdf.h wdfdriver.h wdfdevice.h wdfusb.h wdfminiport.h ntstrsafe.h wdmsec.h ntddkbd.h ntddmou.h kbdmou.h hidport.h hidclass.h
  vhf.h fwpsk.h fwpmk.h wsk.h netiodef.h netadaptercx.h netadapter.h netbuffer.h usbdlib.h usbd.h usbbusif.h ucxclass.h ufxclass.h udecx.h ude.h
  sercx.h spbcx.h gpioclx.h acpiioct.h wmilib.h wmistr.h bugcodes.h classpnp.h ata.h ataport.h irb.h video.h dispmprt.h d3dkmddi.h winddi.h
  csq.h procgrp.h ntimage.h pep_x.h pepfx.h poclass.h batclass.h acx.h ntddsd.h sdbus.h sffdisk.h bthddi.h bthsdpddi.h ntagp.h parallel.h
  pcivirt.h vmbuskernelmodeclientlibapi.h rdbss.h rx.h rxprocs.h nodetype.h mrx.h wdmguid.h ntintsafe.h aux_klib.h ip2string.h nicsamplesharedheader.h
  hubbusif.h usbfnbase.h usbfnattach.h usbfnioctl.h ucmucsi.h ucmtcpci.h wpprecorder.h drmk.h stdarg.h ksdebug.h dbgtrace.h rtlavl.h sysioctl.h
  ntpoapi.h ntstatus.h filterpipelineutil.h dontuse.h suppress.h initguid.h excpt.h bldtypes.h xfilter.h afilter.h efilter.h tfilter.h ntddndis.h
  trustedruntimeclx.h storswtr.h srbhelper.h acpitabl.h reshub.h wsk.h netioapi.h ntdddsk.h fltuserstructures.h hwnclx.h mbbcx.h netcx.h`);
const USER = words(`windows.h winbase.h winuser.h wingdi.h winsvc.h winreg.h winsock2.h ws2tcpip.h winsock.h objbase.h ole2.h atlbase.h atlcom.h
  clusapi.h resapi.h stdio.h stdlib.h tchar.h shlwapi.h shlobj.h setupapi.h cfgmgr32.h commctrl.h process.h strsafe.h winternl.h
  iphlpapi.h wincrypt.h lm.h rpc.h unknwn.h combaseapi.h fltuser.h winioctl.h newdev.h afx.h afxwin.h iostream string vector memory map
  thread mutex functional algorithm synchapi.h processthreadsapi.h fileapi.h handleapi.h errhandlingapi.h wtsapi32.h userenv.h psapi.h dbghelp.h
  conio.h crtdbg.h wbemidl.h msxml6.h comdef.h devguid.h hidsdi.h winusb.h mstcpip.h fwpmu.h
  mmsystem.h audioenginebaseapo.h atlcoll.h atlsync.h atlstr.h windowsx.h shellapi.h audioclient.h mmdeviceapi.h endpointvolume.h mfapi.h mfidl.h commdlg.h uxtheme.h
  cluadmex.h wrl.h sti.h list array new stdexcept sstream fstream chrono set unordered_map utility tuple optional exception sensorscx.h wudfwdm.h wudfddi.h
  io.h fcntl.h dbt.h netcfgn.h propvarutil.h wincodec.h timeapi.h sdkddkver.h objidl.h oleauto.h ole2.h olectl.h winhttp.h wininet.h sql.h sqlext.h sddl.h aclapi.h
  dsgetdc.h windns.h threadpoolapiset.h virtdisk.h taskschd.h wuerror.h evntcons.h tdh.h winevt.h pdh.h tlhelp32.h versionhelpers.h`);
/** In both kits or in neither's province: says nothing about the mode. */
const SHARED = new Set(words(`stdarg.h initguid.h excpt.h ntstatus.h dontuse.h suppress.h ntddndis.h sal.h specstrings.h driverspecs.h basetsd.h
  guiddef.h devioctl.h devpkey.h devpropdef.h hidpi.h hidusage.h usb.h usbspec.h usbioctl.h usbiodef.h ntdddisk.h ntddscsi.h ntddstor.h ntddser.h nvme.h
  poclass.h wmistr.h wmiguid.h evntrace.h evntprov.h traceloggingprovider.h limits.h stddef.h stdint.h string.h math.h intrin.h memory.h
  ksmedia.h batclass.h sffdisk.h bthdef.h sdpdef.h in6addr.h inaddr.h ws2def.h ws2ipdef.h kernelspecs.h sysioctl.h acpiioct.h bugcodes.h ntimage.h
  fltuserstructures.h pshpack1.h poppack.h pshpack8.h pshpack4.h wdfinstaller.h ip2string.h ntddkbd.h ntddmou.h wdf.h wdfusb.h wpprecorder.h
  ntpoapi.h hidclass.h assert.h time.h float.h wchar.h stdbool.h intsafe.h ntintsafe.h basetyps.h windef.h wtypes.h mmreg.h winerror.h bcrypt.h mountmgr.h ntddvol.h
  netioapi.h atomic type_traits malloc.h sys/stat.h`));

let kinds: Map<string, HeaderKind> | undefined;

/** Kind of an angled (or quoted) include by its last path part, undefined for a header not known. */
export function headerKind(target: string): HeaderKind | undefined {
  kinds ??= new Map<string, HeaderKind>([
    ...KERNEL.map((name): [string, HeaderKind] => [name, 'kernel']), ...USER.map((name): [string, HeaderKind] => [name, 'user']),
    ...[...SHARED].map((name): [string, HeaderKind] => [name, 'shared'])]);
  return kinds.get(target.toLowerCase().replace(/^.*[\\/]/, ''));
}
